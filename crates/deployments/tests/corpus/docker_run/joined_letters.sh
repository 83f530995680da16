docker run -dit -p80:80 -p=443:443/tcp -eA=1 -e=B=2 -m2g -w/app -Pu1000 --name=x ghcr.io/acme/app:1.0 --help -p 9
