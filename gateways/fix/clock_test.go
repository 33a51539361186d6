package main

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/internal/gatewaytest"
	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/services/clock"
)

var transactTime = regexp.MustCompile(`\|60=[^|]+\|`)

// orderAt is an order with a transaction time.
func orderAt(reference string, at time.Time) string {
	return transactTime.ReplaceAllString(order(reference), "|60="+at.UTC().Format("20060102-15:04:05.000")+"|")
}

// When the bank's clock jumps, requests are dated and judged by it. The session, its lease and its heartbeats stay on real time.
func TestRequestsFollowTheBanksClockAndTheSessionDoesNot(t *testing.T) {
	const jump = 48 * time.Hour
	on, redis := gatewaytest.Servers(t), program.OwnRedis(t)
	rdb := testkit.RedisAt(t, redis.URL)
	mirrortest.Publish(t, rdb, "clock", 1, time.Now(), map[string]string{"bank": `{"offset_seconds":0}`})
	on.Clock = clock.Alone{Config: clock.Config{MayRunAhead: true}, URL: redis.URL, Keys: mirrortest.Config(t).Keys}
	opened := make(chan net.Addr, 1)
	stop := program.Start(t, time.Minute, gateway(local(on), func(plain, _ net.Addr) { opened <- plain }))
	c := newClient(t, "ALPHA").reset((<-opened).String())
	c.send("D", orderAt("O-1", time.Now().Add(jump)))
	if got := c.read(); !strings.Contains(got, "lies in the future") {
		t.Errorf("before the jump: %s", got)
	}

	mirrortest.Publish(t, rdb, "clock", 2, time.Now(), map[string]string{"bank": fmt.Sprintf(`{"offset_seconds":%d}`, int(jump.Seconds()))})
	pending := ""
	testkit.Eventually(t, "the gateway to follow the bank's clock", time.Minute, func() error {
		c.send("D", orderAt("O-2", time.Now().Add(jump)))
		if pending = c.read(); pick(pending, "39") != "8 39=A" {
			return errors.New(pending)
		}
		return nil
	})
	if day := "60=" + time.Now().Add(jump).UTC().Format("20060102"); !strings.Contains(pending, day) {
		t.Errorf("the answer has not the bank's time: %s", pending)
	}
	c.send("1", "112=still here|")
	if got := pick(c.read(), "112"); !strings.HasPrefix(got, "0 112=still") {
		t.Errorf("after the jump: %s", got)
	}
	stop()
}
