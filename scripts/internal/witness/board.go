package witness

import (
	"sync"

	"fxcore/scripts/internal/desk"
)

// Board shows the latest approved line check of each provider to the others, so that one can name what belongs to another.
type Board struct {
	mu     sync.Mutex
	latest map[string]desk.Request
}

func (b *Board) post(provider string, check desk.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.latest == nil {
		b.latest = map[string]desk.Request{}
	}
	b.latest[provider] = check
}

// other returns a check of another provider; false if there is none.
func (b *Board) other(provider string) (desk.Request, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for who, check := range b.latest {
		if who != provider {
			return check, true
		}
	}
	return desk.Request{}, false
}

// UseChecks tells the desk what to do with its line checks. On board it meets the other providers. lapsed are its checks of
// earlier days, which have expired. It is called before Trade.
func (b *Book) UseChecks(c desk.Checks, board *Board, lapsed []desk.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.board = board
	if c.Named {
		c.Foreign = func() (desk.Request, bool) { return board.other(b.who) }
	}
	b.desk.Use(c)
	for _, check := range lapsed {
		b.desk.Lapsed(check)
	}
}
