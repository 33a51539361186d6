package elastic

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"fxcore/services/logging/internal/history"
	"fxcore/services/logging/internal/line"
)

// item is one document on its way to an index.
type item struct {
	index, id string
	source    object
	instead   []func() object // what is stored if the server refuses what is in the document: each if it refuses the one before
}

// maxBulk bounds one request, in bytes.
const maxBulk = 5 << 20

// Write stores lines, each under its id: one that is there already stays as it is. It returns nil once the server has written all of them
// to its log on disk.
func (s *Store) Write(ctx context.Context, lines []line.Line) error {
	items := make([]item, len(lines))
	for i, l := range lines {
		instead := []func() object{func() object { return document(retold(l)) }, func() object { return bare(l) }}
		items[i] = item{s.indexOf(linesIndex, l.Time), l.ID, document(l), instead}
	}
	return s.bulk(ctx, items)
}

// WriteReports stores reports of health in the same way.
func (s *Store) WriteReports(ctx context.Context, reports []history.Report) error {
	items := make([]item, len(reports))
	for i, r := range reports {
		items[i] = item{s.indexOf(reportsIndex, r.At), r.ID, reportDocument(r), nil}
	}
	return s.bulk(ctx, items)
}

func (s *Store) indexOf(kind string, at time.Time) string {
	return s.Prefix + kind + at.UTC().Format("2006.01.02")
}

// retold is a line with all of its other fields as one text: a label may not be what the index takes it for.
func retold(l line.Line) line.Line {
	text, _ := json.Marshal(l.Fields)
	l.Fields = map[string]string{"event.original": string(text)}
	return l
}

// bare is a document of a line for an index whose fields are not those of the template: one line must not hold up all others.
func bare(l line.Line) object {
	text, _ := json.Marshal(l)
	return object{
		"id": l.ID, "@timestamp": l.Time.UTC().Format(timeForm), "service.name": l.Service, "service.node.name": l.Instance, "event.original": string(text),
	}
}

func (s *Store) bulk(ctx context.Context, items []item) error {
	for len(items) > 0 {
		var b bytes.Buffer
		n := 0
		for ; n < len(items) && b.Len() < maxBulk; n++ {
			appendItem(&b, items[n])
		}
		refused, err := s.send(ctx, &b, items[:n])
		if err != nil {
			return err
		}
		if len(refused) > 0 {
			if err := s.bulk(ctx, refused); err != nil {
				return err
			}
		}
		items = items[n:]
	}
	return nil
}

func appendItem(b *bytes.Buffer, i item) {
	head, _ := json.Marshal(object{"create": object{"_index": i.index, "_id": i.id}})
	source, _ := json.Marshal(i.source)
	for _, text := range [][]byte{head, source} {
		b.Write(text)
		b.WriteByte('\n')
	}
}

// bulkAnswer is what the server says of each item of a request.
type bulkAnswer struct {
	Items []map[string]struct {
		Status int
		Error  struct{ Type, Reason string }
	}
}

// send returns the items that the server refuses for what is in them, as they are to be stored instead. Errors: the server is away, or has
// no room for some items now.
func (s *Store) send(ctx context.Context, b *bytes.Buffer, items []item) (refused []item, err error) {
	var answer bulkAnswer
	if err := s.ask(ctx, esapi.BulkRequest{Body: b}, &answer); err != nil {
		return nil, err
	}
	if len(answer.Items) != len(items) {
		return nil, fmt.Errorf("elasticsearch answers for %d of %d documents", len(answer.Items), len(items))
	}
	for n, result := range answer.Items {
		told := result["create"]
		switch {
		case told.Status < http.StatusMultipleChoices, told.Status == http.StatusConflict: // conflict: it is there
		case told.Status == http.StatusBadRequest && len(items[n].instead) > 0:
			again := items[n]
			again.source, again.instead = again.instead[0](), again.instead[1:]
			refused = append(refused, again)
		default:
			return nil, fmt.Errorf("elasticsearch refuses a document of %s: %d %s: %s", items[n].index, told.Status, told.Error.Type, told.Error.Reason)
		}
	}
	return refused, nil
}

const timeForm = "2006-01-02T15:04:05.000000Z"

// document is a line as the index keeps it.
func document(l line.Line) object {
	d := object{
		"id": l.ID, "@timestamp": l.Time.UTC().Format(timeForm), "event.sequence": l.Sequence, "log.level": l.Level, "message": l.Message,
		"service.name": l.Service, "service.node.name": l.Instance, wordsField: strings.Join(l.Words(), " "),
	}
	labels := object{}
	if l.Story != "" {
		labels["correlation"] = l.Story
	}
	if l.Trace != "" {
		d["trace.id"] = l.Trace
	}
	schema := line.Schema()
	for name, value := range l.Fields {
		switch label, is := strings.CutPrefix(name, line.LabelPrefix); {
		case is:
			labels[label] = value
		case schema[name] == line.Long:
			d[name], _ = strconv.ParseInt(value, 10, 64) // line.Parse has tried
		default:
			d[name] = value
		}
	}
	if len(labels) > 0 {
		d["labels"] = labels
	}
	return d
}

func reportDocument(r history.Report) object {
	return object{
		"@timestamp": r.At.UTC().Format(timeForm), "instance": r.Instance, "program": r.Program, "version": r.Version, "host": r.Host,
		"started_at": r.Started.UTC().Format(timeForm), "ready": r.Ready, "reasons": r.Reasons, "every": int64(r.Every), "id": r.ID,
	}
}
