docker ps -a
docker compose up -d
