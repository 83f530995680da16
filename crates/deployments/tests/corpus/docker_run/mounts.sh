docker run \
  --mount type=volume,source=data,target=/data \
  --mount 'type=bind,src=./conf/app.yaml,dst=/etc/app.yaml,readonly' \
  --mount type=tmpfs,destination=/tmp \
  -v /var/run/docker.sock:/var/run/docker.sock \
  -v logs:/var/log \
  -v relative \
  --tmpfs /run \
  acme/app
