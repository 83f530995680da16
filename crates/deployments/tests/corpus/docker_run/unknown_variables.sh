$ docker run --rm -e TOKEN=$TOKEN -e HOST_NAME=$(hostname) -e EDITOR $EXTRA_OPTIONS \
    -e GREETING=`whoami` -u "$(id -u):$(id -g)" acme/tool:${VERSION:-1.0} run $TARGET "$FILE"
