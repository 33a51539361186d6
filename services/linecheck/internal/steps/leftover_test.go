package steps

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/messages"
)

// A replica of the version before reserves a trade and does not see what was kept for it. The README tells on-call how to find that,
// and what ends it.
func TestOnCallFindsAnEarmarkThatAnOlderReplicaLeft(t *testing.T) {
	t.Parallel()
	b, trade := newBank(t), spot{"T1", "C000001", "400000"}
	b.handle(0, reserving("L1", "1000000").message(t, soon()))
	b.handle(1, consumedFor("400000").message(t, soon()))
	exec(t, b.pool, "create table unseen as select * from earmark")
	exec(t, b.pool, "delete from earmark")
	b.handle(0, message(t, contract.TradeValidated, trade.id(), "1", soon(), trade.data()))
	exec(t, b.pool, "insert into earmark select * from unseen")
	b.mustCarry("100000 40000") // 40,000 of the deal twice
	if got := b.leftOver(); got != 1 {
		t.Errorf("%d earmarks are left over, want 1", got)
	}
	reverse := resolving(messages.Reverse, "L3", "L1")
	reverse.amount = "400000"
	if got := b.handle(1, reverse.message(t, soon())); got[0] != "linecheck.completed reversed" {
		t.Fatal(got)
	}
	b.mustCarry("100000 0") // the deal once, and what of the check is open
	if got := b.leftOver(); got != 0 {
		t.Errorf("%d earmarks are left over", got)
	}
}

// leftOver counts the rows of the README's query.
func (b *bank) leftOver() (n int) {
	b.t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		b.t.Fatal(err)
	}
	query := regexp.MustCompile("`(select [^`]*earmark[^`]*)`").FindSubmatch(text)
	if query == nil {
		b.t.Fatal("the README has no query of earmarks")
	}
	sql := "select count(*) from (" + strings.ReplaceAll(string(query[1]), "linecheck.", "") + ") rows"
	if err := b.pool.QueryRow(b.t.Context(), sql).Scan(&n); err != nil {
		b.t.Fatal(err)
	}
	return n
}
