podman run -d --pod new:stack --name api --secret token,type=env --tz=local docker.io/library/httpd:2.4
