#!/bin/sh
# Builds DJL's way into a libtorch newer than 2.7.1, puts it where DJL looks, and prints the variables to set:
#     eval "$(trainer/native/build.sh [FOLDER])"
# FOLDER holds lib and include of libtorch; without it, that of python3's torch. Needs g++ with C++20 and a JDK.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
djl=0.36.0
torch=${1:-$(python3 -c 'import importlib.util as u; print(u.find_spec("torch").submodule_search_locations[0])')}
torch=$(cd "$torch" && pwd)
jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}

# "2.11.0+cu130": of a zip in build-version, of a wheel in version.py; without CUDA there may be no plus.
if [ -r "$torch/build-version" ]; then
    full=$(cat "$torch/build-version")
else
    full=$(sed -n "s/^__version__ = '\(.*\)'.*/\1/p" "$torch/version.py")
fi
version=${full%%+*}
case $full in
    *+*) flavor=${full#*+} ;;
    *) flavor=cpu ;;
esac

folder=${DJL_CACHE_DIR:-$HOME/.djl.ai}/pytorch/$version-$flavor-linux-$(uname -m)
mkdir -p "$folder"
g++ -O2 -std=c++20 -fPIC -shared -w -I"$jdk/include" -I"$jdk/include/linux" -I"$torch/include" -I"$torch/include/torch/csrc/api/include" \
    "$here/djl_torch.cc" -o "$folder/$djl-libdjl_torch.so" -L"$torch/lib" -ltorch -ltorch_cpu -lc10 >&2
echo "export PYTORCH_LIBRARY_PATH='$torch/lib' PYTORCH_VERSION=$version PYTORCH_FLAVOR=$flavor"
