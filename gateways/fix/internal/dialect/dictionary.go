package dialect

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fxcore/gateways/fix/internal/variation"
)

//go:embed dictionary/*.xml
var dictionaries embed.FS

// Names of the dictionaries, as keys of WriteDictionaries. FIX44 holds session and application messages; FIX50SP2 is
// the application layer over FIXT11 (settings AppDataDictionary and TransportDataDictionary).
const (
	FIX44    = "FIX44.xml"
	FIXT11   = "FIXT11.xml"
	FIX50SP2 = "FIX50SP2.xml"
)

// WriteDictionaries writes the three dictionaries of a dialect into dir, which must exist, and returns the path of each by
// name: engines read dictionaries from files. It fails when a file cannot be written. They accept more than those that are
// published: see tolerant.
func WriteDictionaries(dir string, v variation.Variation) (map[string]string, error) {
	paths := make(map[string]string, 3)
	for _, name := range []string{FIX44, FIXT11, FIX50SP2} {
		content, err := dictionaries.ReadFile("dictionary/" + name)
		if err != nil {
			return nil, fmt.Errorf("read dictionary %s: %w", name, err)
		}
		paths[name] = filepath.Join(dir, name)
		if err := os.WriteFile(paths[name], varied(tolerant(content), v), 0o600); err != nil {
			return nil, fmt.Errorf("write dictionary %s: %w", name, err)
		}
	}
	return paths, nil
}

// varied is a dictionary with the tag and the message types of a dialect in place of the standard ones.
func varied(dictionary []byte, v variation.Variation) []byte {
	var changes []string
	if v.AccountTag != 0 {
		field := fmt.Sprintf(`<field number="%d" name="ProviderAccount" type="STRING"/>`, v.AccountTag)
		changes = append(changes, `<field name="Account" `, `<field name="ProviderAccount" `, "<fields>", "<fields>"+field)
	}
	if v.CheckTypes[0] != "" {
		changes = append(changes, `msgtype="UDF"`, `msgtype="`+v.CheckTypes[0]+`"`, `msgtype="UDG"`, `msgtype="`+v.CheckTypes[1]+`"`)
	}
	return []byte(strings.NewReplacer(changes...).Replace(string(dictionary)))
}
