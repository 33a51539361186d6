package amqp

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	amqp091 "github.com/rabbitmq/amqp091-go"
)

// A batch of which two consumers have died comes to the third one in parts.
func TestAMessageThatHasComeBackTwiceIsHandledAlone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ before, want []int }{
		{nil, nil},
		{[]int{0, 1, 0}, []int{3}},
		{[]int{2, 2, 2}, []int{1, 1, 1}},
		{[]int{0, 1, 2, 0, 7, 3, 0, 0}, []int{2, 1, 1, 1, 1, 2}},
		{[]int{0, 2}, []int{1, 1}},
	} {
		batch := make([]amqp091.Delivery, len(c.before))
		for i, n := range c.before {
			batch[i].DeliveryTag, batch[i].Headers = uint64(i+1), amqp091.Table{"x-delivery-count": int64(n)}
		}
		var sizes []int
		next := uint64(1)
		for _, part := range apart(batch) {
			sizes = append(sizes, len(part))
			for _, d := range part {
				if d.DeliveryTag != next {
					t.Errorf("after %v: %d comes out of turn", c.before, d.DeliveryTag)
				}
				next++
			}
		}
		if diff := cmp.Diff(c.want, sizes); diff != "" {
			t.Errorf("after %v: %s", c.before, diff)
		}
	}
}
