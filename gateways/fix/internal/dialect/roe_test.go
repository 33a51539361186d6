package dialect

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	kit "fxcore/lambda/testkit/sample" // this package has samples of its own
)

const (
	roePath  = "../../ROE.md"
	roeBegin = "<!-- tag tables, from the dictionaries: UPDATE_SAMPLES=1 go test ./gateways/fix/internal/dialect -run ROE -->\n"
)

// spec is a dictionary with the notes that engines ignore.
type spec struct {
	Messages   []part     `xml:"messages>message"`
	Components []part     `xml:"components>component"`
	Fields     []specType `xml:"fields>field"`
}

type part struct {
	XMLName  xml.Name
	Name     string `xml:"name,attr"`
	MsgType  string `xml:"msgtype,attr"`
	Required string `xml:"required,attr"`
	Note     string `xml:"note,attr"`
	Parts    []part `xml:",any"`
}

type specType struct {
	Number int    `xml:"number,attr"`
	Name   string `xml:"name,attr"`
	Type   string `xml:"type,attr"`
	Values []struct {
		Enum        string `xml:"enum,attr"`
		Description string `xml:"description,attr"`
	} `xml:"value"`
}

// The tables of the rules of engagement show the dictionaries. Neither can change without the other.
func TestROEHasTheDictionariesTables(t *testing.T) {
	kit.IsOnPage(t, roePath, roeBegin, "<!-- end of tag tables -->\n", roeTables(t))
}

// row is a tag of a message in both versions.
type row struct {
	tag, name, in44, in50, values, note string
	depth                               int
}

func roeTables(t *testing.T) string {
	old, modern := readSpec(t, FIX44), readSpec(t, FIX50SP2)
	var out strings.Builder
	for _, m := range modern.Messages {
		fmt.Fprintf(&out, "\n### %s (%s)\n\n", m.Name, title(old, m))
		out.WriteString("| tag | field | 4.4 | 5.0SP2 | values | use |\n| ---: | --- | :---: | :---: | --- | --- |\n")
		for _, r := range merge(old.rows(old.message(m.Name).Parts, 0), modern.rows(m.Parts, 0)) {
			fmt.Fprintf(&out, "| %s | %s%s | %s | %s | %s | %s |\n", r.tag, strings.Repeat("→ ", r.depth), r.name, r.in44, r.in50, r.values, r.note)
		}
	}
	out.WriteString("\n")
	return out.String()
}

func title(old spec, m part) string {
	if o := old.message(m.Name); o.MsgType != m.MsgType {
		return m.MsgType + ", in 4.4 " + o.MsgType
	}
	return m.MsgType
}

func readSpec(t *testing.T, name string) spec {
	t.Helper()
	raw, err := dictionaries.ReadFile("dictionary/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var s spec
	if err := xml.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s spec) message(name string) part {
	for _, m := range s.Messages {
		if m.Name == name {
			return m
		}
	}
	return part{}
}

func (s spec) rows(parts []part, depth int) []row {
	var rows []row
	for _, p := range parts {
		if p.XMLName.Local == "component" {
			rows = append(rows, s.rows(s.component(p).Parts, depth)...)
			continue
		}
		field := s.field(p.Name)
		need := "·"
		if p.Required == "Y" {
			need = "**Y**"
		}
		rows = append(rows, row{fmt.Sprint(field.Number), p.Name, need, need, values(field), p.Note, depth})
		rows = append(rows, s.rows(p.Parts, depth+1)...)
	}
	return rows
}

// component returns a component with the need and the note of its use on its group.
func (s spec) component(use part) part {
	for _, c := range s.Components {
		if c.Name != use.Name {
			continue
		}
		c.Parts = append([]part(nil), c.Parts...)
		if use.Required == "Y" {
			c.Parts[0].Required = "Y"
		}
		if use.Note != "" {
			c.Parts[0].Note = use.Note
		}
		return c
	}
	return part{}
}

func (s spec) field(name string) specType {
	for _, f := range s.Fields {
		if f.Name == name {
			return f
		}
	}
	return specType{}
}

func values(f specType) string {
	var all []string
	for _, v := range f.Values {
		all = append(all, v.Enum+" "+strings.ToLower(strings.ReplaceAll(v.Description, "_", " ")))
	}
	if len(all) == 0 {
		return strings.ToLower(f.Type)
	}
	return strings.Join(all, ", ")
}

// merge puts both versions side by side, in the order of 5.0SP2, what only 4.4 has at its place there.
func merge(old, modern []row) []row {
	var out []row
	for _, m := range modern {
		m.in44 = ""
		for _, o := range old {
			if o.tag == m.tag && o.depth == m.depth {
				m.in44 = o.in44
				if len(o.values) > len(m.values) {
					m.values = o.values
				}
			}
		}
		out = append(out, m)
		out = append(out, onlyIn(old, modern, m)...)
	}
	return out
}

// onlyIn returns the 4.4 rows that follow the row of the same tag there and have none in 5.0SP2.
func onlyIn(old, modern []row, after row) []row {
	var out []row
	at := -1
	for i, o := range old {
		switch {
		case o.tag == after.tag && o.depth == after.depth:
			at = i
		case at >= 0 && !has(modern, o):
			o.in50 = ""
			out = append(out, o)
		case at >= 0:
			return out
		}
	}
	return out
}

func has(rows []row, r row) bool {
	for _, x := range rows {
		if x.tag == r.tag && x.depth == r.depth {
			return true
		}
	}
	return false
}
