package ports

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The states of a socket in proc(5), net/tcp.
const (
	listening = "0A"
	anyState  = ""
)

// Holder returns what holds a loopback port: the process that listens on it, such as "process 4711 (nc)", as far as the caller may
// see it, or a connection. The kernel gives the ports of one range to connections that begin here, and keeps each of them for a
// minute after the end.
func Holder(port int) string {
	inode := socket(port, listening)
	if inode == "" && socket(port, anyState) != "" {
		return "a connection from this machine, open or just ended: the kernel gives such ports to connections (sysctl net.ipv4.ip_local_port_range)"
	}
	if inode == "" {
		return "a process of another user or container"
	}
	links, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, link := range links {
		if target, err := os.Readlink(link); err != nil || target != "socket:["+inode+"]" {
			continue
		}
		pid := strings.Split(link, "/")[2]
		name, _ := os.ReadFile(filepath.Join("/proc", pid, "comm"))
		return fmt.Sprintf("process %s (%s)", pid, strings.TrimSpace(string(name)))
	}
	return "a process of another user"
}

// socket returns the inode of a socket that has a local port and is in a state; empty if there is none. What has ended has the inode 0.
func socket(port int, state string) string {
	const local, condition, inode = 1, 3, 9
	for _, name := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		table, _ := os.ReadFile(name)
		for line := range strings.Lines(string(table)) {
			f := strings.Fields(line)
			if len(f) > inode && (state == anyState || f[condition] == state) && strings.HasSuffix(f[local], fmt.Sprintf(":%04X", port)) {
				return f[inode]
			}
		}
	}
	return ""
}
