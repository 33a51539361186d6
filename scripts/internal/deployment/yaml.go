package deployment

import (
	"fmt"
	"regexp"
	"strings"
)

// mapping is a YAML mapping in the order in which it is written. A value is a string, an int, a bool, a mapping, a list of strings or a list of
// mappings.
type mapping []entry

type entry struct {
	key   string
	value any
}

// plain matches texts that need no quotes and mean nothing but themselves.
var plain = regexp.MustCompile(`^[A-Za-z/][A-Za-z0-9_./-]*$`)

// words have a meaning of their own for some reader of YAML.
var words = regexp.MustCompile(`^(?i:y|yes|n|no|true|false|on|off|null)$`)

// render writes a mapping in block style. A mapping without entries is {}.
func (m mapping) render(b *strings.Builder, indent string) {
	for i, e := range m {
		if i > 0 || indent == "" {
			b.WriteString(indent)
		}
		b.WriteString(scalar(e.key) + ":")
		renderValue(b, e.value, indent)
	}
}

func renderValue(b *strings.Builder, value any, indent string) {
	deeper := indent + "  "
	switch v := value.(type) {
	case mapping:
		if len(v) == 0 {
			b.WriteString(" {}\n")
			return
		}
		b.WriteString("\n" + deeper)
		v.render(b, deeper)
	case []string:
		b.WriteString("\n")
		for _, item := range v {
			b.WriteString(deeper + "- " + scalar(item) + "\n")
		}
	case []mapping:
		b.WriteString("\n")
		for _, item := range v {
			b.WriteString(deeper + "- ")
			item.render(b, deeper+"  ")
		}
	case string:
		b.WriteString(" " + scalar(v) + "\n")
	default:
		fmt.Fprintf(b, " %v\n", v)
	}
}

// scalar writes a text so that it stays a text.
func scalar(text string) string {
	if plain.MatchString(text) && !words.MatchString(text) {
		return text
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}
