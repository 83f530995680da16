#!/usr/bin/env bash
set -euo pipefail
export TAG=2.1
NAME=shop
mkdir -p ./data && cd /srv
docker network create backend || true
docker pull "acme/shop:$TAG"
cat > ./app.ini <<'EOF'
[server]
port = 8080
; $NAME stays
EOF
docker run -d --name "$NAME" --network backend -e DB_HOST=db -e NAME="$NAME" \
  -v "$PWD/app.ini":/etc/shop/app.ini:ro -v $(pwd)/data:/data "acme/shop:${TAG}"
docker run -d --name db --network backend --network-alias database mariadb:11 # 数据库
docker logs -f $NAME > log.txt 2>&1
