package core

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"fxcore/scripts/internal/apiclient"
)

// bound is how long an answer may take.
const bound = 45 * time.Second

// Client asks a core. It signs in when it has to.
type Client struct {
	place Place
	http  *http.Client
	token string
}

// ErrUnreachable says that the core does not answer.
var ErrUnreachable = errors.New("the core cannot be reached")

// ErrNotSignedIn says that there is no token, and that nobody could sign in for one.
var ErrNotSignedIn = errors.New("nobody is signed in")

// Refused is an answer that is a problem.
type Refused struct {
	Status  int
	Code    string `json:"code"`
	Detail  string `json:"detail"`
	TraceID string `json:"trace_id"`
	Errors  []struct {
		Message  string `json:"message"`
		Location string `json:"location"`
	} `json:"errors"`
}

// Error implements error. It says what the core says.
func (r *Refused) Error() string {
	text := fmt.Sprintf("%s (%d %s)", r.Detail, r.Status, r.Code)
	for _, e := range r.Errors {
		text += fmt.Sprintf("\n  %s: %s", e.Location, e.Message)
	}
	if r.TraceID != "" {
		text += "\n  trace " + r.TraceID
	}
	return text
}

// Open returns a client of the core at a place.
func Open(p Place) (*Client, error) {
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if p.CA != "" {
		text, err := os.ReadFile(p.CA)
		if err != nil {
			return nil, fmt.Errorf("read the core's certificate: %w", err)
		}
		if !roots.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("%s is not PEM", p.CA)
		}
	}
	c := &Client{place: p, token: p.Token, http: &http.Client{
		Timeout: bound, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}},
	}}
	if c.token == "" {
		text, _ := os.ReadFile(p.tokenFile()) // without it, the client signs in
		c.token = string(bytes.TrimSpace(text))
	}
	return c, nil
}

// Token returns the token that counted last.
func (c *Client) Token() string { return c.token }

// tokenFile keeps the token of a demo between two calls: a one-time code is good once in half a minute.
func (p Place) tokenFile() string {
	return filepath.Join(p.Folder, "secrets", "fxctl-"+p.User+".token")
}

// Answer is what the core says.
type Answer struct {
	Body []byte
	ETag string
}

// Ask sends a request to one of the core's interfaces. base is Place.API or Place.Operations; body may be nil. headers are name, value, …
// Errors: *Refused, ErrNotSignedIn, ErrUnreachable.
func (c *Client) Ask(ctx context.Context, base, method, path string, body any, headers ...string) (Answer, error) {
	if base == "" {
		return Answer{}, fmt.Errorf("%w: nobody says where this interface is (FXCTL_API, FXCTL_OPERATIONS)", ErrUnreachable)
	}
	a, err := c.send(ctx, base, method, path, body, headers)
	var refused *Refused
	if !errors.As(err, &refused) || refused.Status != http.StatusUnauthorized || c.place.Token != "" {
		return a, err
	}
	if err := c.signIn(ctx); err != nil {
		return Answer{}, err
	}
	return c.sendSoon(ctx, base, method, path, body, headers)
}

// sendSoon sends a request with a new token, of which an interface may hear a moment later than the one that has issued it.
func (c *Client) sendSoon(ctx context.Context, base, method, path string, body any, headers []string) (a Answer, err error) {
	for range 100 {
		a, err = c.send(ctx, base, method, path, body, headers)
		var refused *Refused
		if !errors.As(err, &refused) || refused.Code != "token_unknown" {
			return a, err
		}
		select {
		case <-ctx.Done():
			return a, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return a, err
}

// signIn gets a token as the demo's user, and keeps it. Errors: ErrNotSignedIn, ErrUnreachable.
func (c *Client) signIn(ctx context.Context) error {
	if c.place.Folder == "" || c.place.API == "" {
		return fmt.Errorf("%w: give a token, FXCTL_TOKEN or FXCTL_TOKEN_FILE", ErrNotSignedIn)
	}
	demo, err := apiclient.Open(c.place.API, c.place.Folder, c.place.User)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotSignedIn, err)
	}
	defer demo.Close()
	var none *apiclient.NoTokenError
	switch err := demo.Login(ctx); {
	case errors.As(err, &none) && none.Status < http.StatusInternalServerError:
		return fmt.Errorf("%w: %w (a one-time code is good once: try again in half a minute)", ErrNotSignedIn, err)
	case err != nil:
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	c.token = demo.Token()
	return os.WriteFile(c.place.tokenFile(), []byte(c.token+"\n"), 0o600)
}

func (c *Client) send(ctx context.Context, base, method, path string, body any, headers []string) (Answer, error) {
	var content io.Reader = http.NoBody
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return Answer{}, err
		}
		content = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, method, base+path, content)
	if err != nil {
		return Answer{}, err
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return c.read(r)
}

func (c *Client) read(r *http.Request) (a Answer, err error) {
	response, err := c.http.Do(r)
	if err != nil {
		return a, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	defer func() { _ = response.Body.Close() }()
	if a.Body, err = io.ReadAll(response.Body); err != nil {
		return a, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	a.ETag = response.Header.Get("ETag")
	if response.StatusCode < http.StatusBadRequest {
		return a, nil
	}
	refused := &Refused{Status: response.StatusCode}
	if json.Unmarshal(a.Body, refused) != nil || refused.Detail == "" {
		refused.Detail = http.StatusText(response.StatusCode)
	}
	refused.Status = response.StatusCode
	if response.StatusCode == http.StatusServiceUnavailable {
		return a, fmt.Errorf("%w: %w", ErrUnreachable, refused)
	}
	return a, refused
}
