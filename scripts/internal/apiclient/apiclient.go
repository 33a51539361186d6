// Package apiclient comes in by the core's HTTP interface as a user of the demo bank, over TLS: a system by its client credentials, a
// person by password and one-time code.
package apiclient

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
	"sync"
	"time"
)

// The files that a start writes into the core's folder.
const (
	certificateFile = "ca.crt" // of the authority
	usersFile       = "secrets/users.json"
)

// bound is longer than the longest wait for an outcome.
const bound = 45 * time.Second

// Client is safe for concurrent use. It gets a new token when the old one no longer counts.
type Client struct {
	base string
	user credentials
	http *http.Client

	mu    sync.Mutex
	token string
}

// Open reads what the core in a folder has told one of its users. base is the interface's URL.
func Open(base, folder, user string) (*Client, error) {
	certificate, err := os.ReadFile(filepath.Join(folder, certificateFile))
	if err != nil {
		return nil, fmt.Errorf("read the interface's certificate: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(certificate) {
		return nil, errors.New("the interface's certificate is not PEM")
	}
	known, err := credentialsOf(filepath.Join(folder, usersFile), user)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections,
	}
	return &Client{base: base, user: known, http: &http.Client{Transport: transport, Timeout: bound}}, nil
}

const connections = 64

// Share has all requests go over one connection, by HTTP/2; over more of them when there are more requests at a time than one may
// carry. It must be called before the first request.
func (c *Client) Share() {
	transport := c.http.Transport.(*http.Transport) //nolint:forcetypeassert // Open has set it
	transport.ForceAttemptHTTP2, transport.MaxConnsPerHost = true, 0
}

// Proof returns what a user of the demo types to come in now: user, password and code; of a system user and secret. The code is good once.
func Proof(folder, user string) (map[string]string, error) {
	known, err := credentialsOf(filepath.Join(folder, usersFile), user)
	if err != nil {
		return nil, err
	}
	return known.proof(time.Now())
}

func credentialsOf(file, user string) (credentials, error) {
	text, err := os.ReadFile(file) //nolint:gosec // the core's own folder
	if err != nil {
		return credentials{}, fmt.Errorf("read the demo's users: %w", err)
	}
	var users []credentials
	if err := json.Unmarshal(text, &users); err != nil {
		return credentials{}, fmt.Errorf("read the demo's users: %w", err)
	}
	for _, u := range users {
		if u.User == user {
			return u, nil
		}
	}
	return credentials{}, fmt.Errorf("the demo has no user %s", user)
}

// Token returns the token that the client has; empty before the first request.
func (c *Client) Token() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.token
}

// User returns the user's id.
func (c *Client) User() string { return c.user.User }

// Close closes idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Answer is what the core says to a request.
type Answer struct {
	Status int
	Body   []byte
}

// Do makes a request with the user's token. body and header may be nil. An answer of any status is no error. If the token no
// longer counts, Do gets another one and asks again, once.
func (c *Client) Do(ctx context.Context, method, path string, header http.Header, body any) (Answer, error) {
	token, err := c.current(ctx, "")
	if err != nil {
		return Answer{}, err
	}
	a, err := c.known(ctx, method, path, header, body, token)
	if err != nil || a.Status != http.StatusUnauthorized {
		return a, err
	}
	if token, err = c.current(ctx, token); err != nil {
		return Answer{}, err
	}
	return c.known(ctx, method, path, header, body, token)
}

// How long a replica of the interface may take until it knows a token that another one has issued, and how often the client asks.
const (
	knownBound = 5 * time.Second
	knownEach  = 100 * time.Millisecond
)

// known makes a request, and again while the replica that answers has not heard of the token yet.
func (c *Client) known(ctx context.Context, method, path string, header http.Header, body any, token string) (a Answer, err error) {
	for began := time.Now(); ; {
		a, err = c.ask(ctx, method, path, header, body, token)
		if err != nil || a.Status != http.StatusUnauthorized || !bytes.Contains(a.Body, []byte(`"token_unknown"`)) || time.Since(began) > knownBound {
			return a, err
		}
		select {
		case <-ctx.Done():
			return a, ctx.Err()
		case <-time.After(knownEach):
		}
	}
}

// NoTokenError is an answer to a request for a token that has none.
type NoTokenError struct {
	User string
	Answer
}

// Error implements error.
func (e *NoTokenError) Error() string {
	return fmt.Sprintf("get a token for %s: status %d: %s", e.User, e.Status, e.Body)
}

// Login gets a token. Errors: *NoTokenError.
func (c *Client) Login(ctx context.Context) error {
	_, err := c.current(ctx, "")
	return err
}

// current returns the token, and a new one if it is still the one that no longer counts.
func (c *Client) current(ctx context.Context, spent string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token != spent {
		return c.token, nil
	}
	a, err := c.prove(ctx)
	if err == nil && a.Status == http.StatusUnauthorized && c.user.TOTP != "" {
		if err := nextCode(ctx, time.Now()); err != nil { // somebody has used the one of this half minute
			return "", err
		}
		a, err = c.prove(ctx)
	}
	if err != nil {
		return "", err
	}
	var issued struct{ Token string }
	if err := json.Unmarshal(a.Body, &issued); err != nil || a.Status != http.StatusCreated {
		return "", &NoTokenError{User: c.user.User, Answer: a}
	}
	c.token = issued.Token
	return c.token, nil
}

// prove asks for a token.
func (c *Client) prove(ctx context.Context) (Answer, error) {
	proof, err := c.user.proof(time.Now())
	if err != nil {
		return Answer{}, err
	}
	return c.ask(ctx, http.MethodPost, "/v1/tokens", nil, proof, "")
}

func (c *Client) ask(ctx context.Context, method, path string, header http.Header, body any, token string) (a Answer, err error) {
	var content []byte
	if body != nil {
		if content, err = json.Marshal(body); err != nil {
			return a, err
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(content))
	if err != nil {
		return a, err
	}
	if header != nil {
		r.Header = header.Clone()
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := c.http.Do(r)
	if err != nil {
		return a, fmt.Errorf("ask the interface: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	a.Status = response.StatusCode
	a.Body, err = io.ReadAll(response.Body)
	return a, err
}
