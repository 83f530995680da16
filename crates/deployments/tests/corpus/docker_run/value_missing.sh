docker run -d nginx:1.27 &&
docker run -d -p 80:80 --name
