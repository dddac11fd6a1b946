# The agent: what is native about it.
include agent/cni.mk
