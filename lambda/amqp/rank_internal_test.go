package amqp

import (
	"fmt"
	"testing"
)

// Each replica is preferred at about its share of the queues, whatever replicas are called.
func TestRanksAreSpread(t *testing.T) {
	const queues = 600
	for _, form := range []string{"service/%d", "stack_service.%d.x7k2", "%d"} {
		for replicas := 2; replicas <= 4; replicas++ {
			preferred := make([]int, replicas)
			for q := range queues {
				best, first := int64(-1), 0
				for r := range replicas {
					if rank := rank(fmt.Sprint("queue.", q), fmt.Sprintf(form, r+1)); rank > best {
						best, first = rank, r
					}
				}
				preferred[first]++
			}
			for r, n := range preferred {
				if share := queues / replicas; n < share*3/4 || n > share*5/4 {
					t.Errorf(form+" of %d is preferred at %d of %d queues", r+1, replicas, n, queues)
				}
			}
		}
	}
}
