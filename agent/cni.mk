# The chained CNI plugin, in C++.
CNI_SOURCES := $(wildcard agent/cni/src/*.cpp agent/cni/src/*.h) agent/cni/CMakeLists.txt

build/cni/margay-cni: $(CNI_SOURCES)
	cmake -S agent/cni -B build/cni/tree -G Ninja > build/cni-configure.log || { cat build/cni-configure.log; exit 1; }
	cmake --build build/cni/tree --parallel 2
	cp build/cni/tree/margay-cni $@.new
	mv $@.new $@

build/cni-asan/margay-cni: $(CNI_SOURCES)
	cmake -S agent/cni -B build/cni-asan/tree -G Ninja -DMARGAY_SANITIZE=ON -DCMAKE_BUILD_TYPE=Debug > /dev/null
	cmake --build build/cni-asan/tree --parallel 2
	cp build/cni-asan/tree/margay-cni $@
