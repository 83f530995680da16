# 启动数据库
sudo docker run -d \
  --name my-postgres \
  --restart=unless-stopped \
  -e POSTGRES_PASSWORD='p@ss $word' \
  -e "POSTGRES_DB=app" \
  -v pgdata:/var/lib/postgresql/data \
  -p 127.0.0.1:5432:5432 \
  --memory 1500m --cpus=1.5 \
  --shm-size=256m \
  --health-cmd "pg_isready -U postgres" \
  postgres:16 -c shared_buffers=256MB -c 'max_connections=200'
