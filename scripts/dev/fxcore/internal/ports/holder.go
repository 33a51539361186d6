package ports

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Holder returns which process listens on a loopback port, such as "process 4711 (nc)", as far as the caller may see
// it.
func Holder(port int) string {
	inode := listener(port)
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

// listener returns the inode of the socket that listens on a port: proc(5), net/tcp, state 0A.
func listener(port int) string {
	const local, state, inode, listening = 1, 3, 9, "0A"
	for _, name := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		table, _ := os.ReadFile(name)
		for line := range strings.Lines(string(table)) {
			f := strings.Fields(line)
			if len(f) > inode && f[state] == listening && strings.HasSuffix(f[local], fmt.Sprintf(":%04X", port)) {
				return f[inode]
			}
		}
	}
	return ""
}
