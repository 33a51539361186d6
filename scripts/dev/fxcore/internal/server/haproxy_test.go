package server_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"fxcore/lambda/health"
	"fxcore/lambda/testkit"
	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/dev/fxcore/internal/process"
	"fxcore/scripts/dev/fxcore/internal/server"
	"fxcore/scripts/internal/fixwire"
)

// instance plays a gateway towards HAProxy. It has a health address and a port. The port sends the instance's name to
// every connection, and keeps what it receives.
type instance struct {
	server.Instance

	secure *tls.Config // nil: as an instance of the API, it gets the TLS of others

	mu      sync.Mutex
	serves  string        // id of a provider
	frozen  chan struct{} // nil; or checks are answered only after it is closed
	changed chan struct{}
	said    []byte
	called  string // the name by which HAProxy called the instance last
}

func newInstance(t *testing.T, name string) *instance {
	t.Helper()
	i := &instance{changed: make(chan struct{})}
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	healthy, err := health.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := health.New(health.Identity{Service: "fix"}, time.Now())
	h.Active(i.active)
	ctx, cancel := context.WithCancel(t.Context())
	i.Instance = server.Instance{Name: name, Address: door.Addr().String(), Health: healthy.Addr().(*net.TCPAddr).Port}
	var all sync.WaitGroup
	all.Go(func() { _ = h.Serve(ctx, healthy) })
	all.Go(func() { i.take(ctx, door) })
	t.Cleanup(func() { cancel(); _ = door.Close(); all.Wait() })
	return i
}

func (i *instance) active(id string) (bool, <-chan struct{}) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if frozen := i.frozen; frozen != nil {
		i.mu.Unlock()
		<-frozen
		i.mu.Lock()
	}
	return i.serves == id, i.changed
}

// freeze makes the instance answer no checks until the test ends.
func (i *instance) freeze(t *testing.T) {
	t.Helper()
	i.mu.Lock()
	defer i.mu.Unlock()
	i.frozen = make(chan struct{})
	frozen := i.frozen
	t.Cleanup(func() { close(frozen) })
}

// serve makes the instance serve a provider, or none if id is empty.
func (i *instance) serve(id string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.serves = id
	close(i.changed)
	i.changed = make(chan struct{})
}

// secured makes the instance do TLS from the next connection on, or none if config is nil.
func (i *instance) secured(config *tls.Config) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.secure = config
}

func (i *instance) take(ctx context.Context, door net.Listener) {
	for {
		conn, err := door.Accept()
		if err != nil {
			return
		}
		context.AfterFunc(ctx, func() { _ = conn.Close() })
		go func() {
			conn, err := i.receive(conn)
			if err != nil {
				return
			}
			_, _ = fmt.Fprintln(conn, i.Name)
			b := make([]byte, 4096)
			for {
				n, err := conn.Read(b)
				i.mu.Lock()
				i.said = append(i.said, b[:n]...)
				i.mu.Unlock()
				if err != nil {
					_ = conn.Close()
					return
				}
			}
		}()
	}
}

// receive reads the PROXY header and then does the TLS handshake, as a gateway does.
func (i *instance) receive(conn net.Conn) (net.Conn, error) {
	i.mu.Lock()
	secure := i.secure
	i.mu.Unlock()
	if secure == nil {
		return conn, nil
	}
	header := make([]byte, 16)
	if _, err := io.ReadFull(conn, header); err != nil {
		return nil, err
	}
	rest := make([]byte, int(header[14])<<8|int(header[15]))
	if _, err := io.ReadFull(conn, rest); err != nil {
		return nil, err
	}
	secured := tls.Server(conn, secure)
	if err := secured.Handshake(); err != nil { //nolint:noctx // the connection ends with the test
		return nil, err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.said = append(append(i.said, header...), rest...)
	i.called = secured.ConnectionState().ServerName
	return secured, nil
}

func (i *instance) heard(what string) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !bytes.Contains(i.said, []byte(what)) {
		return fmt.Errorf("%s has not been told %q but %q", i.Name, what, i.said)
	}
	return nil
}

// router is HAProxy in front of two instances.
type router struct {
	t         *testing.T
	ports     ports.Block
	folder    folder.Folder
	routes    server.Routes
	server    server.Server
	child     *process.Child
	instances [2]*instance
}

func newRouter(t *testing.T, providers ...server.Provider) *router {
	t.Helper()
	setting := newSetting(t)
	r := &router{t: t, ports: setting.Ports, folder: setting.Folder, instances: [2]*instance{newInstance(t, "fix-1"), newInstance(t, "fix-2")}}
	g := server.FIXGateway()
	g.Plain, g.TLS, g.Certificate = r.ports.FIX(), r.ports.FIXTLS(), newAuthority(t).pem(t, "127.0.0.1")
	g.Providers = providers
	for _, i := range r.instances {
		g.Instances = append(g.Instances, i.Instance)
	}
	trust := newAuthority(t)
	r.routes = server.Routes{Gateways: []server.Gateway{g}, Own: trust.pem(t, "router.fxcore"), GatewaysCA: trust.certificate()}
	own := trust.pem(t, "*."+server.GatewayDomain)
	pair, err := tls.X509KeyPair(own, own)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range r.instances {
		i.secured(&tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12})
	}
	r.server, err = server.HAProxy(setting, func() (server.Routes, error) { return r.routes, nil })
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *router) start() {
	r.t.Helper()
	if err := r.server.Prepare(r.t.Context()); err != nil {
		r.t.Fatal(err, strings.Join(process.Tail(r.folder.Log("haproxy"), 10), "\n"))
	}
	r.child = run(r.t, r.server.Spec)
	r.eventually("HAProxy to be ready", func() error { return r.server.Spec.Ready(r.t.Context()) })
}

func (r *router) eventually(what string, condition func() error) {
	r.t.Helper()
	testkit.Eventually(r.t, what, 20*time.Second, condition)
}

func (r *router) dial() net.Conn {
	r.t.Helper()
	c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(r.ports.FIX())))
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	return c
}

// ask sends bytes and returns the name of the instance to which HAProxy routed them; empty if HAProxy closed the
// connection.
func (r *router) ask(sent []byte) (name string, c net.Conn) {
	r.t.Helper()
	c = r.dial()
	if _, err := c.Write(sent); err != nil {
		r.t.Fatal(err)
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		r.t.Fatal(err)
	}
	return strings.TrimSpace(line), c
}

// served waits until HAProxy routes this logon to an instance.
func (r *router) served(logon []byte, by *instance) net.Conn {
	r.t.Helper()
	var conn net.Conn
	r.eventually("the way to "+by.Name, func() error {
		name, c := r.ask(logon)
		if conn = c; name != by.Name {
			_ = c.Close()
			return fmt.Errorf("routed to %q", name)
		}
		return nil
	})
	return conn
}

func provider(t *testing.T, id, begin, sender, target string) server.Provider {
	t.Helper()
	p, err := server.FIXProvider(id, begin, sender, target)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func logon(begin, sender, target string) []byte {
	h := fixwire.Header{Begin: begin, Sender: sender, Target: target, Seq: 1, Sent: time.Now()}
	return fixwire.Append(nil, h, fixwire.NewBody("A").Int(98, 0).Int(108, 30))
}

func TestAProviderIsRoutedToWhoServesIt(t *testing.T) {
	const odd = "#%[env(x)]|{}\\\"'" // valid in a CompID, but special in HAProxy's files
	r := newRouter(t, provider(t, "ALPHA", "FIX.4.4", "ALPHA", "FXCORE"), provider(t, "ALPHA-5", "FIXT.1.1", "ALPHA", "FXCORE"),
		provider(t, "ODD", "FIX.4.4", odd, "FXCORE"))
	first, second := r.instances[0], r.instances[1]
	first.serve("ALPHA")
	second.serve("ALPHA-5")
	r.start()
	r.served(logon("FIX.4.4", "ALPHA", "FXCORE"), first)
	session := r.served(logon("FIXT.1.1", "ALPHA", "FXCORE"), second)
	r.eventually("a provider that nobody serves to be disconnected", func() error { // HAProxy begins with all servers up
		if name, _ := r.ask(logon("FIX.4.4", odd, "FXCORE")); name != "" {
			return fmt.Errorf("routed to %s", name)
		}
		return nil
	})
	second.serve("ODD")
	r.served(logon("FIX.4.4", odd, "FXCORE"), second)
	_, _ = session.Write([]byte("my last words")) // an instance ends by itself the connections that it has given up
	r.eventually("the last words of a session that is being ended", func() error { return second.heard("my last words") })
}

// A frozen instance cannot end its connections, so its providers would wait for it.
func TestTheConnectionsOfAFrozenInstanceAreCut(t *testing.T) {
	r := newRouter(t, provider(t, "ALPHA", "FIX.4.4", "ALPHA", "FXCORE"))
	first, second := r.instances[0], r.instances[1]
	first.serve("ALPHA")
	r.start()
	session := r.served(logon("FIX.4.4", "ALPHA", "FXCORE"), first)
	first.freeze(t)
	second.serve("ALPHA")
	if _, err := io.ReadAll(session); err != nil {
		t.Errorf("not cut: %v", err)
	}
	r.served(logon("FIX.4.4", "ALPHA", "FXCORE"), second)
}

// An instance of the API that was just killed still counts as alive: callers do not notice.
func TestWhatAnInstanceOfTheAPIRefusesGoesToAnother(t *testing.T) {
	r := newRouter(t, provider(t, "ALPHA", "FIX.4.4", "ALPHA", "FXCORE"))
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.instances[0].secured(nil)
	r.instances[1].secured(nil)
	killed := r.instances[0].Instance
	killed.Address = gone.Addr().String()
	_ = gone.Close()
	r.routes.API = server.NewAPI(r.ports.API(), []server.Instance{killed, r.instances[1].Instance})
	r.start()
	for range 10 {
		c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(r.ports.API())))
		if err != nil {
			t.Fatal(err)
		}
		_ = c.SetDeadline(time.Now().Add(20 * time.Second))
		line, err := bufio.NewReader(c).ReadString('\n')
		_ = c.Close()
		if err != nil || strings.TrimSpace(line) != r.instances[1].Name {
			t.Errorf("%q, %v", line, err)
		}
	}
}

// An address that opens connection after connection is stopped before it reaches an instance. Those that it has stay.
func TestAnAddressHasSoManyConnectionsToTheAPI(t *testing.T) {
	r := newRouter(t, provider(t, "ALPHA", "FIX.4.4", "ALPHA", "FXCORE"))
	r.routes.API = server.NewAPI(r.ports.API(), []server.Instance{r.instances[0].Instance})
	r.routes.API.PerAddress = 3
	r.instances[0].secured(nil)
	r.start()
	answered := func() bool {
		c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(r.ports.API())))
		if errors.Is(err, syscall.ECONNRESET) { // HAProxy may reset a connection before it is complete
			return false
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		_ = c.SetDeadline(time.Now().Add(20 * time.Second))
		_, err = bufio.NewReader(c).ReadString('\n')
		return err == nil
	}
	for i := range 5 {
		if got := answered(); got != (i < 3) {
			t.Errorf("connection %d: answered %v", i+1, got)
		}
	}
}

// HAProxy does not drop an unknown provider: a gateway refuses it.
func TestStrangersReachAGateway(t *testing.T) {
	r := newRouter(t, provider(t, "ALPHA", "FIX.4.4", "ALPHA", "FXCORE"))
	r.start()
	r.eventually("a gateway for strangers", func() error {
		if name, _ := r.ask(logon("FIX.4.4", "NOBODY", "FXCORE")); name == "" {
			return errors.New("none")
		}
		return nil
	})
	wrong := logon("FIX.4.4", "ALPHA", "FXCORE")
	wrong[len(wrong)-2] ^= 1
	for name, sent := range map[string][]byte{
		"another version": logon("FIXT.1.1", "ALPHA", "FXCORE"), "another target": logon("FIX.4.4", "ALPHA", "OTHER"),
		"a wrong sum": wrong, "half a logon": wrong[:40], "noise": []byte("GET / HTTP/1.0\r\n\r\n"),
		"the name of a backend": logon("FIX.4.4", "fix-ALPHA", "FXCORE"), "a name with a part of another": logon("FIX.4.4", "ALPHA=FXCORE", ""),
		"a long name": logon("FIX.4.4", strings.Repeat("A", 9000), "FXCORE"),
	} {
		t.Run(name, func(t *testing.T) {
			if got, _ := r.ask(sent); got == "" {
				t.Error("let fall")
			}
		})
	}
}

func TestTheGatewayIsToldWhoCame(t *testing.T) {
	r := newRouter(t, provider(t, "ALPHA", "FIX.4.4", "ALPHA", "FXCORE"))
	signer := newAuthority(t)
	r.routes.ClientCA = signer.certificate()
	first := r.instances[0]
	first.serve("ALPHA")
	r.start()
	const signature, cn = "\r\n\r\n\x00\r\nQUIT\n\x21\x11", "\x22\x00\x0dalpha.example" // PP2_SUBTYPE_SSL_CN, length
	r.eventually("the header", func() error {
		if err := r.logOnByTLS(signer.pem(t, "alpha.example")); err != nil {
			t.Fatal(err)
		}
		return errors.Join(first.heard(signature), first.heard(cn))
	})
	claim := func(serial string) string {
		return fmt.Sprintf("%X.%s", sha256.Sum256([]byte("127.0.0.1|1|alpha.example|"+serial)), server.GatewayDomain)
	}
	r.eventually("the claim", func() error {
		first.mu.Lock()
		defer first.mu.Unlock()
		if _, after, told := bytes.Cut(first.said, []byte{0x05, 0x00}); !told || len(after) < 32 { // PP2_TYPE_UNIQUE_ID
			return errors.New("no serial number was told")
		}
		if !slices.ContainsFunc(serials(first.said), func(serial string) bool { return claim(serial) == first.called }) {
			return fmt.Errorf("it is %s, which is of no serial number that was told", first.called)
		}
		return nil
	})
	if err := r.logOnByTLS(newAuthority(t).pem(t, "alpha.example")); err == nil {
		t.Error("a certificate that nobody here has signed was taken")
	}
}

// serials returns the serial numbers of certificates in PROXY headers.
func serials(said []byte) (found []string) {
	for {
		_, after, more := bytes.Cut(said, []byte{0x05, 0x00}) // PP2_TYPE_UNIQUE_ID, and the first byte of the length
		if !more || len(after) == 0 {
			return found
		}
		if length := int(after[0]); len(after) > length {
			found = append(found, strings.ToLower(strings.TrimLeft(string(after[1:1+length]), "0")))
		}
		said = after
	}
}

// logOnByTLS connects with a client certificate and returns when a gateway has answered.
func (r *router) logOnByTLS(certificate []byte) error {
	pair, err := tls.X509KeyPair(certificate, certificate)
	if err != nil {
		r.t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}, InsecureSkipVerify: true} //nolint:gosec // HAProxy's own is not what is tested
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(r.ports.FIXTLS()))
	c, err := tls.DialWithDialer(&net.Dialer{Timeout: 20 * time.Second}, "tcp", address, config)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := c.Write(logon("FIX.4.4", "ALPHA", "FXCORE")); err != nil {
		return err
	}
	_, err = c.Read(make([]byte, 1)) // in TLS 1.3 a refusal comes after the handshake
	return err
}

// HAProxy takes over new routes without ending a connection. It rejects invalid ones and keeps the old.
func TestRoutesChangeWhileConnectionsStay(t *testing.T) {
	r := newRouter(t, provider(t, "ALPHA", "FIX.4.4", "ALPHA", "FXCORE"))
	first, second := r.instances[0], r.instances[1]
	first.serve("ALPHA")
	second.serve("BETA")
	r.start()
	session := r.served(logon("FIX.4.4", "ALPHA", "FXCORE"), first)

	all := &r.routes.Gateways[0].Providers
	*all = append(*all, (*all)[0])
	if err := r.server.Prepare(t.Context()); err == nil {
		t.Error("one provider with two backends was taken")
	}
	*all = (*all)[:1]
	*all = append(*all, provider(t, "BETA", "FIX.4.4", "BETA", "FXCORE"))
	if err := r.server.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.child.Status().Process.Signal(syscall.SIGUSR2); err != nil {
		t.Fatal(err)
	}
	r.eventually("the new backend", func() error {
		return server.AwaitRoutes(ctxOf(t, 10*time.Second), server.Setting{Folder: r.folder, Ports: r.ports}, "fix")
	})
	r.served(logon("FIX.4.4", "BETA", "FXCORE"), second)
	if _, err := session.Write([]byte("still here")); err != nil {
		t.Error(err)
	}
	r.eventually("the old connection's bytes", func() error { return first.heard("still here") })
}

func ctxOf(t *testing.T, bound time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), bound)
	t.Cleanup(cancel)
	return ctx
}

func TestNamesThatMeanSomethingToHAProxyAreRefused(t *testing.T) {
	for _, p := range [][4]string{
		{"alpha", "FIX.4.4", "A", "B"},
		{"A\nserver x", "FIX.4.4", "A", "B"},
		{"", "FIX.4.4", "A", "B"},
		{"A", "FIX.4.4 x", "A", "B"},
		{"A", "", "A", "B"},
		{"A", "FIX.4.4", "A B", "B"},
		{"A", "FIX.4.4", "A", "B\nC"},
		{"A", "FIX.4.4", "A=B", "C"},
	} {
		if _, err := server.FIXProvider(p[0], p[1], p[2], p[3]); err == nil {
			t.Errorf("%q was taken", p)
		}
	}
}

func TestHAProxysFilesAreItsOwn(t *testing.T) {
	r := newRouter(t, provider(t, "ALPHA", "FIX.4.4", "ALPHA", "FXCORE"))
	if err := r.server.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"haproxy.cfg", "fix.pem", "fix.map"} {
		info, err := os.Stat(r.folder.Path("data", "haproxy", name))
		if err != nil || info.Mode().Perm() != 0o400 {
			t.Errorf("%s: %v, %v; want 0400", name, info, err)
		}
	}
}
