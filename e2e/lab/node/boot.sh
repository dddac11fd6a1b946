#!/bin/sh
# Turns this process into a node: it already has namespaces (net, mount, uts, ipc, cgroup) and cgroups of its own.
# $1 name of the node, $2 its directory, $3 the binaries, $4 text with one cgroup hierarchy a line: path, version,
# mount options. It then sleeps; whoever wants to be on the node enters its namespaces.
set -eu
name=$1 dir=$2 binaries=$3 hierarchies=$4

hostname "$name"

mount -t sysfs sysfs /sys
case $hierarchies in
*' 1 '*) mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup ;;
esac
printf '%s\n' "$hierarchies" >"$dir/hierarchies"
while IFS=' ' read -r path version options; do
  mkdir -p "$path"
  case $version in
  1) mount -t cgroup -o "$options" cgroup "$path" ;;
  2) mount -t cgroup2 cgroup2 "$path" ;;
  esac
done <"$dir/hierarchies"
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  # The unified hierarchy allows no process beside children with controllers.
  mkdir -p /sys/fs/cgroup/daemons
  echo $$ >/sys/fs/cgroup/daemons/cgroup.procs
  sed 's/[^ ]*/+&/g' /sys/fs/cgroup/cgroup.controllers >/sys/fs/cgroup/cgroup.subtree_control
fi
mount -t bpf bpffs /sys/fs/bpf
[ ! -d /sys/kernel/tracing ] || mount -t tracefs tracefs /sys/kernel/tracing

# The node's own files. /etc keeps the machine's contents below; changes stay in the node.
mount -t overlay -o "lowerdir=/etc,upperdir=$dir/etc,workdir=$dir/etc.work" overlay /etc
mount --bind "$binaries" "$dir/opt/lab/bin"
mount --rbind "$dir/opt" /opt
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/netns /run/lock /run/lab
mount --bind "$dir/var" /var

# Settings of the whole machine that the kubelet would change: it sees what it wants and writes to a file.
hide() {
  file=/run/lab/$(echo "$1" | tr / .)
  echo "$2" >"$file"
  mount --bind "$file" "/proc/sys/$1"
}
hide vm/overcommit_memory 1
hide vm/panic_on_oom 0
hide kernel/panic 10
hide kernel/panic_on_oops 1
hide kernel/keys/root_maxkeys 1000000
hide kernel/keys/root_maxbytes 25000000

# These belong to the network namespace.
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv6/conf/all/forwarding

mount --make-rshared /
touch /run/lab/ready
exec sleep infinity
