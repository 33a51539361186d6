package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"fxcore/lambda/trust"
)

// Config says where an interface is served. Certificate and key are PEM texts. A program embeds the settings with a prefix of its own, so
// that they are API_ADDR, API_TLS_KEY and so on; secrets are given as files: API_TLS_KEY_FILE.
type Config struct {
	Addr        string `env:"ADDR" envDefault:"127.0.0.1:0"`
	Certificate string `env:"TLS_CERTIFICATE,required"` // ours, with its chain
	Key         string `env:"TLS_KEY,required,unset"`   // of the certificate

	// Files with the same content. A new pair counts for the next connection.
	CertificateFile string `env:"TLS_CERTIFICATE_FILE"`
	KeyFile         string `env:"TLS_KEY_FILE"`
}

// Validate refuses a certificate that does not fit its key.
func (c Config) Validate() error {
	_, err := c.tls()
	return err
}

func (c Config) tls() (*tls.Config, error) {
	pair, err := trust.NewCertificate(c.Certificate, c.CertificateFile, c.Key, c.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("TLS_CERTIFICATE and TLS_KEY: %w", err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: pair.Now, NextProtos: []string{"h2", "http/1.1"}}, nil
}

// The bounds of a connection. There is no bound for a whole answer, because a stream has no end: each write has its own.
const (
	headerBound = 5 * time.Second
	idleBound   = 2 * time.Minute
	readHeader  = 128 << 10 // bytes: so that a caller whose header is too large is told so; the library cuts connections by HTTP/2 that send more
	stopBound   = 5 * time.Second
)

// Server serves the interface over TLS.
type Server struct {
	Config  Config
	Handler http.Handler
	Log     *slog.Logger

	server   *http.Server
	ended    chan error
	streams  context.CancelFunc // ends what has no end
	listener net.Listener
}

// Start listens and serves until Stop.
func (s *Server) Start(ctx context.Context) error {
	settings, err := s.Config.tls()
	if err != nil {
		return err
	}
	if s.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", s.Config.Addr); err != nil {
		return fmt.Errorf("listen for requests: %w", err)
	}
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.streams, s.ended = cancel, make(chan error, 1)
	s.server = &http.Server{
		Handler: s.Handler, ReadHeaderTimeout: headerBound, IdleTimeout: idleBound, MaxHeaderBytes: readHeader,
		BaseContext: func(net.Listener) context.Context { return life }, ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
	go func() { s.ended <- s.server.Serve(tls.NewListener(s.listener, settings)) }()
	s.Log.InfoContext(ctx, "requests are served", "server.address", s.Addr())
	return nil
}

// Addr returns the address at which the server listens.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Stop lets requests that are under way end, for a while. Streams end at once: their listeners resume elsewhere.
func (s *Server) Stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stopBound)
	defer cancel()
	s.server.RegisterOnShutdown(s.streams)
	err := s.server.Shutdown(ctx)
	s.streams()
	if err != nil {
		err = errors.Join(err, s.server.Close())
	}
	if served := <-s.ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
