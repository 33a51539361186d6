package stream

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"fxcore/lambda/log"
	"fxcore/services/api/internal/blotter"
)

// The bounds of a hub.
const (
	Pause    = 50 * time.Millisecond // between two looks at the read model while somebody listens
	mostKept = 4_096                 // frames: at least 200 s
	mostRows = 5_000                 // in one frame, and in one read of what a listener has missed

	// MostMissed is how many trades a listener may have missed, in a few more or less: with more it begins with the list, which shows the
	// latest ones first.
	MostMissed = 10 * mostRows
)

// Source is the read model.
type Source interface {
	// Horizon returns the position up to which all changes are visible, and the name of the read model.
	Horizon(ctx context.Context) (epoch string, upTo uint64, err error)

	// Changes returns what changed from a position (included) to another (excluded), and the position that it reached.
	Changes(ctx context.Context, from, upTo uint64, limit int) (trades []*blotter.Facts, reached uint64, err error)
}

// Hub looks at the read model for all listeners of this process, and only while there is one. It is safe for concurrent use.
type Hub struct {
	Source Source
	Clock  func() time.Time // the bank's
	Log    *slog.Logger

	mu      sync.Mutex
	epoch   string
	life    int    // counts the read models that the hub has met: see anew
	at      uint64 // up to where the frames tell; 0 while the hub rests
	since   uint64 // from where on they are complete
	frames  []*Frame
	moved   chan struct{} // closed when at changes
	wake    chan struct{}
	present int             // listeners
	behind  map[string]bool // users of whom a stream catches up from the table
}

// New returns a hub that rests. Run makes it work.
func New(source Source, clock func() time.Time, logger *slog.Logger) *Hub {
	return &Hub{
		Source: source, Clock: clock, Log: logger,
		moved: make(chan struct{}), wake: make(chan struct{}, 1), behind: map[string]bool{},
	}
}

// Run looks at the read model until ctx ends. It returns nil.
func (h *Hub) Run(ctx context.Context) error {
	tick := time.NewTicker(Pause)
	defer tick.Stop()
	for {
		if err := h.look(ctx); err != nil && ctx.Err() == nil {
			h.Log.WarnContext(ctx, "the read model cannot be read", log.Error(err))
			rest(ctx)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-h.wake:
		}
	}
}

// look publishes the next frame if something changed and somebody listens.
func (h *Hub) look(ctx context.Context) error {
	if !h.wanted() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	epoch, upTo, err := h.Source.Horizon(ctx)
	if err != nil {
		return err
	}
	from := h.begin(epoch, upTo)
	if upTo <= from {
		return nil
	}
	trades, reached, err := h.Source.Changes(ctx, from, upTo, mostRows)
	if err != nil {
		return err
	}
	h.publish(&Frame{From: from, To: reached, At: h.Clock(), trades: trades})
	return nil
}

// patience bounds one look, and pause is what follows one that failed: what is away is not asked for again at once.
const (
	patience = 5 * time.Second
	pause    = time.Second
)

// rest returns after pause, or when ctx ends.
func rest(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(pause):
	}
}

// wanted tells whether somebody listens. If not, the hub rests: it forgets where it was.
func (h *Hub) wanted() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.present == 0 {
		h.at, h.frames = 0, nil
	}
	return h.present > 0
}

// begin returns where the hub is. It sets the hub's position where it had none, or one of another read model.
func (h *Hub) begin(epoch string, upTo uint64) (from uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.at != 0 && (epoch != h.epoch || upTo < h.at) {
		h.anew()
	}
	if h.at == 0 {
		h.epoch, h.since = epoch, upTo
		h.move(upTo)
	}
	return h.at
}

// anew forgets everything: the database was restored, so positions of before mean something else now, or nothing. Listeners that go by
// them are reset. It is called with the lock held.
func (h *Hub) anew() {
	h.at, h.frames = 0, nil
	h.life++
	h.Log.Warn("the read model is another one, or an earlier state of it: listeners begin anew", "epoch.before", h.epoch)
}

func (h *Hub) publish(f *Frame) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(f.trades) > 0 {
		h.keep(f)
	}
	h.move(f.To)
}

// keep is called with the lock held.
func (h *Hub) keep(f *Frame) {
	h.frames = append(h.frames, f)
	if len(h.frames) > mostKept {
		h.since = h.frames[0].To
		h.frames = h.frames[1:]
	}
}

// move is called with the lock held.
func (h *Hub) move(to uint64) {
	h.at = to
	close(h.moved)
	h.moved = make(chan struct{})
}
