docker run -d -p 80:80 nginx:1.27
docker run -d -p 81:80 --name nginx nginx:1.27
docker create --name My_Redis redis
