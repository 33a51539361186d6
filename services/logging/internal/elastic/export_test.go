package elastic

import (
	"context"
	"net/http"
	"strings"

	"github.com/elastic/go-elasticsearch/v8/esapi"
)

// Call makes a request of an administrator.
func (s *Store) Call(ctx context.Context, method, path, body string) error {
	return s.ask(ctx, call{method, path, body}, nil)
}

type call struct{ method, path, body string }

func (c call) Do(ctx context.Context, to esapi.Transport) (*esapi.Response, error) {
	request, err := http.NewRequestWithContext(ctx, c.method, c.path, strings.NewReader(c.body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := to.Perform(request) //nolint:bodyclose // ask closes it
	if err != nil {
		return nil, err
	}
	return &esapi.Response{StatusCode: answer.StatusCode, Body: answer.Body, Header: answer.Header}, nil
}
