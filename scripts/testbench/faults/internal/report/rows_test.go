package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/scripts/testbench/faults/internal/report"
)

func TestRowsAreWrittenAndRead(t *testing.T) {
	var r report.Report
	r.Add(run(7))
	r.Add(run(3, report.Violation{Rule: "booked once"}, report.Violation{Rule: "booked once"}, report.Violation{Rule: "recovered"}))
	var out strings.Builder
	if err := report.WriteRows(&out, r.Rows()); err != nil {
		t.Fatal(err)
	}
	const want = `seed,faults,requests,ready_s,trading_s,silence_s,verdict
3,"kill auth-1 @1.0s, (kill auth-1 @1.5s)",600,1.2,0.8,2.3,"booked once, recovered"
7,"kill auth-1 @1.0s, (kill auth-1 @1.5s)",600,1.2,0.8,2.3,ok
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
	rows, err := report.ReadRows(strings.NewReader(want))
	if err != nil || len(rows) != 2 || rows[0].Verdict != "booked once, recovered" || rows[1].Silence != 2300*time.Millisecond {
		t.Errorf("%+v, %v", rows, err)
	}
}

func TestRowsThatCannotBeReadAreAnError(t *testing.T) {
	const header = "seed,faults,requests,ready_s,trading_s,silence_s,verdict\n"
	for _, text := range []string{"", "seed\n1\n", header + "x,,1,1,1,1,ok\n", header + "1,,1,soon,1,1,ok\n", header + "1,,1\n"} {
		if rows, err := report.ReadRows(strings.NewReader(text)); err == nil {
			t.Errorf("%q was read as %+v", text, rows)
		}
	}
}

func TestTheSummaryGroupsRunsByTheirFaults(t *testing.T) {
	row := func(faults string, ready time.Duration, verdict string) report.Row {
		return report.Row{Faults: faults, Requests: 10, Ready: ready, Trading: 2 * ready, Silence: 3 * ready, Verdict: verdict}
	}
	got := report.Summary([]report.Row{
		row("one after the other, everything (25 faults)", time.Second, "ok"),
		row("kill fix-1 @1.0s, restart rabbitmq @2.0s", 2*time.Second, "recovered"),
		row("freeze fix-1 @1.0s+2.0s, (kill rabbitmq @1.5s)", 3*time.Second, "ok"),
		row("kill postgres @1.0s", 4*time.Second, "ok"),
		row("cut fix-1>amqp @1.0s", 5*time.Second, "ok"),
	})
	const want = `| runs with | runs | without a violation | requests | ready, s | trading, s | silence, s |
| --- | --- | --- | --- | --- | --- | --- |
| all runs | 5 | 4 | 50 | 3.0, 4.0, 5.0 | 6.0, 8.0, 10.0 | 9.0, 12.0, 15.0 |
| more than 8 faults | 1 | 1 | 10 | 1.0, 1.0, 1.0 | 2.0, 2.0, 2.0 | 3.0, 3.0, 3.0 |
| RabbitMQ killed or restarted | 1 | 0 | 10 | 2.0, 2.0, 2.0 | 4.0, 4.0, 4.0 | 6.0, 6.0, 6.0 |
| PostgreSQL killed or restarted | 1 | 1 | 10 | 4.0, 4.0, 4.0 | 8.0, 8.0, 8.0 | 12.0, 12.0, 12.0 |
| a gateway killed, restarted or frozen | 1 | 1 | 10 | 3.0, 3.0, 3.0 | 6.0, 6.0, 6.0 | 9.0, 9.0, 9.0 |
| any other faults | 1 | 1 | 10 | 5.0, 5.0, 5.0 | 10.0, 10.0, 10.0 | 15.0, 15.0, 15.0 |
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if empty := report.Summary(nil); !strings.Contains(empty, "| all runs | 0 | 0 | 0 | - | - | - |") {
		t.Error(empty)
	}
}
