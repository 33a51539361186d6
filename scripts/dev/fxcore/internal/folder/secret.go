package folder

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Secret returns the named secret. The first call draws it: 192 random bits in hex, in a file that only the owner can
// read. Hex needs no quoting in URLs, SQL and configuration files.
func (f Folder) Secret(name string) (string, error) {
	b, err := os.ReadFile(f.Path("secrets", name))
	if err == nil {
		return strings.TrimSpace(string(b)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read secret %s: %w", name, err)
	}
	drawn := make([]byte, 24)
	if _, err := rand.Read(drawn); err != nil {
		return "", fmt.Errorf("draw secret %s: %w", name, err)
	}
	secret := hex.EncodeToString(drawn)
	return secret, f.Write("secrets/"+name, []byte(secret+"\n"), 0o600)
}
