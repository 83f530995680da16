sudo docker run -d --name web -p 80:80
