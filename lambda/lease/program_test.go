package lease

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/testkit"
)

// process stands for a program that keeps leases on a real Postgres, through a proxy that a test cuts and over connections that
// a test makes hang. Its tenants are reckless: whatever their lease says, they write to a fenced row until a write is refused.
// They write over connections that no test cuts.
type program struct {
	keeper *Keeper
	holder string
	proxy  *testkit.Proxy
	wire   *wire
	db     *pgxpool.Pool // uncut
	halt   func()        // ends the keeper
	stop   func()        // and the writers

	ends    context.Context // with the test
	tenants sync.Mutex      // locked by a test that does not let a tenant end
	writers sync.WaitGroup
	refused atomic.Int64 // writers that the fence has stopped
}

const (
	fencedTables = `
create table fenced (name text primary key, epoch bigint not null default 0);
create table written (id bigserial, name text, epoch bigint, holder text);
insert into fenced (name) select unnest($1::text[])`

	seizeRow = `update fenced set epoch = $2 where name = $1 and epoch < $2`

	writeRow = `
with current as (update fenced set epoch = epoch where name = $1 and epoch = $2 returning name)
insert into written (name, epoch, holder) select name, $2, $3 from current`
)

func fenced(t *testing.T, names ...string) *pgxpool.Pool {
	t.Helper()
	db := schema(t)
	for _, statement := range strings.SplitAfter(fencedTables, ";\n") {
		args := []any{names}
		if _, err := db.Exec(t.Context(), statement, args[:strings.Count(statement, "$1")]...); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// launch starts a program. If it is started again with the same replica, it is another holder.
func launch(t *testing.T, db *pgxpool.Pool, replica string, cfg Config) *program {
	t.Helper()
	config := db.Config()
	target := net.JoinHostPort(config.ConnConfig.Host, fmt.Sprint(config.ConnConfig.Port))
	ends, end := context.WithCancel(context.Background())
	p := &program{holder: Identity(replica), proxy: testkit.NewProxy(t, target), wire: &wire{}, db: db, ends: ends}
	config.ConnConfig.DialFunc = func(ctx context.Context, _, _ string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", p.proxy.Addr)
		return &slowConn{conn, p.wire}, err
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	p.keeper = New(pool, p.holder, cfg, p, testkit.Log(t))
	p.halt = run(t, p.keeper)
	p.stop = func() {
		p.halt()
		end()
		p.writers.Wait()
	}
	t.Cleanup(p.stop)
	t.Cleanup(p.wire.resume) // before it stops
	return p
}

func (p *program) Gained(_ context.Context, name string, epoch int64) {
	if _, err := p.db.Exec(p.ends, seizeRow, name, epoch); err == nil {
		p.writers.Go(func() { p.write(name, epoch) })
	}
}

func (p *program) Lost(string) {
	p.tenants.Lock()
	defer p.tenants.Unlock()
}

func (p *program) write(name string, epoch int64) {
	pace := time.NewTicker(5 * time.Millisecond)
	defer pace.Stop()
	for p.ends.Err() == nil {
		tag, err := p.db.Exec(p.ends, writeRow, name, epoch, p.holder)
		if err == nil && tag.RowsAffected() == 0 {
			p.refused.Add(1)
			return
		}
		<-pace.C
	}
}

// holds waits until the program holds the name, and returns its epoch.
func (p *program) holds(t *testing.T, name string) (epoch int64) {
	t.Helper()
	testkit.Eventually(t, p.holder+" to hold "+name, 30*time.Second, func() (err error) {
		var held bool
		if epoch, held = p.keeper.Held(name); !held {
			err = errors.New("it does not")
		}
		return err
	})
	return epoch
}

// wire makes connections hang without an error, as a network does that swallows packets.
type wire struct {
	mu   sync.Mutex
	gate chan struct{}
}

func (w *wire) hang() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.gate == nil {
		w.gate = make(chan struct{})
	}
}

func (w *wire) resume() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.gate != nil {
		close(w.gate)
		w.gate = nil
	}
}

func (w *wire) pass() {
	w.mu.Lock()
	gate := w.gate
	w.mu.Unlock()
	if gate != nil {
		<-gate
	}
}

// slowConn holds back what is sent while its wire hangs. Meanwhile it ignores deadlines, which is worse than TCP.
type slowConn struct {
	net.Conn
	wire *wire
}

func (c *slowConn) Write(b []byte) (int, error) {
	c.wire.pass()
	return c.Conn.Write(b)
}
