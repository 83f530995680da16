docker run -d \
  --name web \
  -e "GREETING=hello \
  nginx:1.27
