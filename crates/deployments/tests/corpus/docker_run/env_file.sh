docker run --env-file ./prod.env -e A=1 -e A=2 --entrypoint /bin/sh --expose 9090 --expose 7000-7001/udp acme/app:1 -c 'exec "$0" "$@"' app
