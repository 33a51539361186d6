// Package registry reaches the bank's registry of images, by its settings.
package registry

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"

	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/retry"

	"fxcore/lambda/config"
)

// Settings say where the registry is and who comes.
type Settings struct {
	Prefix   string `env:"REGISTRY,required"` // host[:port][/folder]: the image of auth is PREFIX/auth
	User     string `env:"REGISTRY_USER"`     // empty: the registry asks nobody
	Password string `env:"REGISTRY_PASSWORD,unset"`
	CAFile   string `env:"REGISTRY_CA_FILE"` // of who signs the registry's certificate; empty: those whom the machine trusts
}

// Load reads the settings from the environment.
func Load() (Settings, error) { return config.Load[Settings]() }

// Repository returns the repository of one image. A registry on this machine may be without TLS, no other.
func (s Settings) Repository(name string) (*remote.Repository, error) {
	repository, err := remote.NewRepository(s.Prefix + "/" + name)
	if err != nil {
		return nil, fmt.Errorf("REGISTRY: %w", err)
	}
	transport, err := s.transport()
	if err != nil {
		return nil, err
	}
	host := repository.Reference.Host()
	repository.PlainHTTP = onThisMachine(host)
	client := &auth.Client{Client: &http.Client{Transport: retry.NewTransport(transport)}, Cache: auth.NewCache()}
	if s.User != "" {
		client.Credential = auth.StaticCredential(host, auth.Credential{Username: s.User, Password: s.Password})
	}
	repository.Client = client
	return repository, nil
}

func (s Settings) transport() (http.RoundTripper, error) {
	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok || s.CAFile == "" {
		return http.DefaultTransport, nil
	}
	text, err := os.ReadFile(s.CAFile)
	if err != nil {
		return nil, fmt.Errorf("REGISTRY_CA_FILE: %w", err)
	}
	known := x509.NewCertPool()
	if !known.AppendCertsFromPEM(text) {
		return nil, errors.New("REGISTRY_CA_FILE holds no certificate")
	}
	transport := base.Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: known, MinVersion: tls.VersionTLS12}
	return transport, nil
}

func onThisMachine(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	ip := net.ParseIP(name)
	return name == "localhost" || ip != nil && ip.IsLoopback()
}
