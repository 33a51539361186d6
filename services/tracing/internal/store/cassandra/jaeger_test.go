package cassandra_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/span"
	"fxcore/services/tracing/internal/store"
	"fxcore/services/tracing/internal/store/cassandra"
	"fxcore/services/tracing/internal/store/storetest"
)

// jaeger runs Jaeger's query program on a keyspace until the test ends, and returns its address.
func jaeger(t *testing.T, keyspace cassandra.Config) string {
	t.Helper()
	host, port, err := net.SplitHostPort(keyspace.Hosts[0])
	if err != nil {
		t.Fatal(err)
	}
	address := testkit.Address(t)
	cmd := exec.CommandContext(t.Context(), testkit.Jaeger(t), "--query.http-server.host-port="+address, "--query.grpc-server.host-port="+testkit.Address(t), //nolint:gosec // the test's own
		"--admin.http.host-port="+testkit.Address(t), "--log-level=warn")
	cmd.Env = append(os.Environ(), "SPAN_STORAGE_TYPE=cassandra", "CASSANDRA_SERVERS="+host, "CASSANDRA_PORT="+port, "CASSANDRA_KEYSPACE="+keyspace.Keyspace,
		"CASSANDRA_USERNAME="+keyspace.User, "CASSANDRA_PASSWORD="+keyspace.Password, "CASSANDRA_SCHEMA_CREATE=false",
		"CASSANDRA_BASIC_ALLOWED_AUTHENTICATORS=org.apache.cassandra.auth.PasswordAuthenticator")
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return "http://" + address
}

// answer is what Jaeger's HTTP interface answers about traces. Times are in microseconds.
type answer struct {
	Data []struct {
		TraceID string
		Spans   []struct {
			SpanID, OperationName, ProcessID string
			StartTime, Duration              int64
			References                       []struct{ RefType, SpanID string }
			Tags                             []struct {
				Key   string
				Value any
			}
		}
		Processes map[string]struct {
			ServiceName string
		}
	}
}

func get(t *testing.T, address string, into any) error {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(into)
}

// spansOf returns Jaeger's spans in our form, by their begin.
func spansOf(a answer) []span.Span {
	var all []span.Span
	for _, one := range a.Data[0].Spans {
		s := span.Span{
			Trace: a.Data[0].TraceID, ID: one.SpanID, Name: one.OperationName, Service: a.Data[0].Processes[one.ProcessID].ServiceName,
			Start: time.UnixMicro(one.StartTime).UTC(), Duration: time.Duration(one.Duration) * time.Microsecond,
		}
		for _, r := range one.References {
			if r.RefType == "FOLLOWS_FROM" {
				s.Parent = r.SpanID
			}
		}
		for _, tag := range one.Tags {
			switch tag.Key {
			case "error":
				s.Failed, _ = tag.Value.(bool)
			case "error.code":
				s.Code, _ = tag.Value.(string)
			case "message.id":
				s.Message, _ = tag.Value.(string)
			}
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b span.Span) int { return a.Start.Compare(b.Start) })
	return all
}

// Jaeger shows the same spans as we do: the same parents, times and errors. It finds them by service, tag, duration and error.
func TestJaegerShowsTheSameSpans(t *testing.T) {
	program := testkit.Jaeger(t)
	cfg, err := cassandra.FromURL(testkit.Cassandra(t))
	if err != nil || program == "" {
		t.Fatal(err)
	}
	s := cassandra.New(cfg, store.Keep{})
	t.Cleanup(s.Close)
	now := time.Now().UTC().Truncate(time.Millisecond)
	records := whole(now)
	storetest.Append(t, s, event.DayOf(now), 1, records...)
	var want []span.Span
	for _, r := range records {
		one := span.Of(r)
		one.Instance, one.Correlation, one.Client, one.Reference, one.Text = "", "", "", "", ""
		want = append(want, one)
	}
	at := jaeger(t, cfg)
	var got answer
	testkit.Eventually(t, "Jaeger", time.Minute, func() error { return get(t, at+"/api/traces/"+records[0].TraceID(), &got) })
	if diff := cmp.Diff(want, spansOf(got)); diff != "" {
		t.Error(diff)
	}
	range_ := fmt.Sprintf("&start=%d&end=%d&limit=5", now.Add(-time.Hour).UnixMicro(), now.Add(time.Hour).UnixMicro())
	for name, query := range map[string]string{
		"service": "service=mainframe", "operation": "service=trading&operation=trade.registered", "tag": "service=fix&tags=" + url.QueryEscape(`{"reference":"R-1"}`),
		"error": "service=settlement&tags=" + url.QueryEscape(`{"error":"true"}`), "duration": "service=mainframe&minDuration=30ms",
	} {
		var found answer
		if err := get(t, at+"/api/traces?"+query+range_, &found); err != nil || len(found.Data) != 1 || len(found.Data[0].Spans) != len(records) {
			t.Errorf("by %s: %d traces, %v", name, len(found.Data), err)
		}
	}
}

// whole is a trade's whole way: from the gateway to the mainframe, and to a leg that is not settled.
func whole(began time.Time) []journal.Record {
	const trade = "T-1"
	var all []journal.Record
	for i, step := range []struct {
		by, what string
		took     int // milliseconds
	}{
		{"fix/1", "trade.requested", 0},
		{"auth/2", "trade.authorized", 2},
		{"trading/1", "trade.validated", 3},
		{"linecheck/2", "trade.reserved", 4},
		{"trading/2", "trade.registered", 3},
		{"mainframe/1", "trade.booked", 40},
		{"settlement/1", "settlement.failed", 5},
	} {
		r := journal.Record{
			ID: event.NewID(testkit.Day, trade, step.what), Correlation: trade, Type: step.what + ".v1", Source: step.by, Origin: "alpha",
			Time: began.Add(time.Duration(50*(i+1)) * time.Millisecond), Payload: []byte("{}"),
		}
		if i == 0 {
			r.Client, r.Provider, r.Reference = "C1", "ALPHA", "R-1"
		} else {
			r.Causation, r.Started = all[i-1].ID, r.Time.Add(-time.Duration(step.took)*time.Millisecond)
		}
		if r.Failed() {
			r.Code, r.Text = "NOFUNDS", "refused"
		}
		all = append(all, r)
	}
	return all
}
