package credential

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Command runs a gateway's command -hash: it reads a password, one line, and writes its hash. It returns the exit code of the
// process.
func Command(in io.Reader, out, complaints io.Writer) int {
	line, err := bufio.NewReader(io.LimitReader(in, 1<<10)).ReadString('\n')
	password := strings.TrimRight(line, "\r\n")
	if err != nil && err != io.EOF {
		_, _ = fmt.Fprintln(complaints, "read password:", err)
		return 1
	}
	if password == "" {
		_, _ = fmt.Fprintln(complaints, "no password on standard input")
		return 1
	}
	if _, err := fmt.Fprintln(out, Hash(password)); err != nil {
		return 1
	}
	return 0
}
