// Package page writes the choreography as a Markdown page: first pictures, then every message and every queue.
package page

import (
	"bytes"
	"embed"
	"encoding/json"
	"strings"
	"text/template"

	"fxcore/scripts/dev/docs/internal/choreography"
)

//go:embed page.md.tmpl
var files embed.FS

// Write renders the page.
func Write(c choreography.Choreography) ([]byte, error) {
	t, err := template.New("page.md.tmpl").Funcs(template.FuncMap{
		"node": node, "anchor": anchor, "pretty": pretty, "pictures": pictures,
		"publishers": publishers, "purposes": purposes, "readers": readers, "leads": leads, "keys": keys, "streams": streams, "waiting": waiting,
	}).ParseFS(files, "page.md.tmpl")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, c); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// node returns a message's name as a mermaid node id.
func node(name string) string { return strings.ReplaceAll(name, ".", "_") }

// anchor returns the link target of a message's heading.
func anchor(name string) string { return strings.ReplaceAll(name, ".", "") }

// manyPublishers is from how many publishers on the page does not list them.
const manyPublishers = 8

func publishers(m *choreography.Message) string {
	if len(m.Publishers) >= manyPublishers {
		return "every program"
	}
	var names []string
	for _, p := range m.Publishers {
		names = append(names, p.Service)
	}
	return strings.Join(names, ", ")
}

// purposes returns a message's publishers; the first one alone, named "every program", if there are many.
func purposes(m *choreography.Message) []choreography.Publisher {
	if len(m.Publishers) < manyPublishers {
		return m.Publishers
	}
	one := m.Publishers[0]
	one.Service = publishers(m)
	return []choreography.Publisher{one}
}

func readers(m *choreography.Message) string {
	var names []string
	for _, q := range m.Readers {
		names = append(names, q.Service+" (`"+q.Name+"`)")
	}
	if len(names) == 0 {
		return "nobody yet"
	}
	return strings.Join(names, ", ")
}

func leads(m *choreography.Message) string {
	var names []string
	for _, name := range m.Leads {
		names = append(names, "["+name+"](#"+anchor(name)+")")
	}
	return strings.Join(names, ", ")
}

func keys(q choreography.Queue) string {
	var names []string
	for _, b := range q.Bindings {
		names = append(names, "`"+b.Key+"` at `"+b.Exchange+"`")
	}
	return strings.Join(names, ", ")
}

// streams names the queues that are streams; empty if there is none.
func streams(c choreography.Choreography) string { return namesOf(c, choreography.Queue.IsStream) }

// waiting names the queues at which many events may wait; empty if there is none.
func waiting(c choreography.Choreography) string {
	return namesOf(c, func(q choreography.Queue) bool { return q.Waits })
}

func namesOf(c choreography.Choreography, chosen func(choreography.Queue) bool) string {
	var names []string
	for _, q := range c.Queues {
		if chosen(q) {
			names = append(names, "`"+q.Name+"`")
		}
	}
	return strings.Join(names, ", ")
}

func pretty(sample json.RawMessage) (string, error) {
	var out bytes.Buffer
	err := json.Indent(&out, bytes.TrimSpace(sample), "", "  ")
	return out.String(), err
}
