// Package elastic keeps log lines and reports of health in Elasticsearch: in one index a day, whose fields an index template sets.
//
// It needs no ingest pipeline, no data stream and no lifecycle policy of the server: the service deletes old indices itself.
package elastic

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/elastic/elastic-transport-go/v8/elastictransport"
	"github.com/elastic/go-elasticsearch/v8/esapi"

	"fxcore/lambda/follow"
)

// Store is the indices whose names begin with Prefix.
type Store struct {
	Prefix string        // "fxcore"
	Keep   time.Duration // of an index, after the end of its day

	client *elastictransport.Client
	conns  *http.Transport
	login  *login
}

// Bounds of connections and answers.
const (
	maxAnswer   = 64 << 20 // bytes
	maxIdle     = 4        // connections
	answerBound = 30 * time.Second
)

// Open returns a store at the server of a URL, http or https, which may have user and password. It does not dial.
func Open(address, prefix string, keep time.Duration) (*Store, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, errors.New("ELASTICSEARCH_URL is no URL") // not quoted: it may hold a password
	}
	conns := &http.Transport{MaxIdleConnsPerHost: maxIdle, IdleConnTimeout: time.Minute, ResponseHeaderTimeout: answerBound}
	by := &login{next: conns, user: follow.Always(u.User)}
	client, err := elastictransport.NewClient(
		elastictransport.WithURLs(&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}), elastictransport.WithDisableRetry(), elastictransport.WithTransport(by),
	)
	if err != nil {
		return nil, fmt.Errorf("elasticsearch: %w", err)
	}
	return &Store{Prefix: prefix, Keep: keep, client: client, conns: conns, login: by}, nil
}

// Close ends idle connections.
func (s *Store) Close(ctx context.Context) error {
	defer s.conns.CloseIdleConnections()
	return s.client.Close(ctx)
}

// answerError is an answer other than 2xx.
type answerError struct {
	status int
	text   string
}

func (e *answerError) Error() string {
	return fmt.Sprintf("elasticsearch answers %d: %s", e.status, e.text)
}

// isMissing tells whether an answer says that there is no such index.
func isMissing(err error) bool {
	var answer *answerError
	return errors.As(err, &answer) && answer.status == http.StatusNotFound
}

// ask sends a request and reads the answer into into, which may be nil.
func (s *Store) ask(ctx context.Context, request esapi.Request, into any) error {
	response, err := request.Do(ctx, s.client)
	if err != nil {
		return fmt.Errorf("elasticsearch: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("elasticsearch: read the answer: %w", err)
	}
	if response.IsError() {
		return &answerError{response.StatusCode, string(body[:min(len(body), 1<<10)])}
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("elasticsearch: read the answer: %w", err)
	}
	return nil
}

// body encodes what a request sends.
func body(value any) io.Reader {
	text, _ := json.Marshal(value) // made of maps, texts and numbers
	return bytes.NewReader(text)
}

// Ready returns nil while the server has all primary shards.
func (s *Store) Ready(ctx context.Context) error {
	var health struct{ Status string }
	if err := s.ask(ctx, esapi.ClusterHealthRequest{}, &health); err != nil {
		return err
	}
	if health.Status == "red" {
		return errors.New("elasticsearch: a primary shard is missing")
	}
	return nil
}
