package amqp

import "time"

// pauses are how long an event waits after its first pause, which is the delay of a retry. Each has a queue of its own for each queue whose
// events wait: the broker takes messages out of a queue at its head alone, so an event with a shorter pause must not stand behind one
// with a longer pause.
var pauses = [...]time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 30 * time.Second}

// waitingRoom names the queue in which an event rests for its nth pause, from 1. The last pause is repeated.
func waitingRoom(queue string, n int) string {
	if n <= 1 {
		return queue + retrySuffix
	}
	return waitQueue(queue, pauses[min(n-2, len(pauses)-1)])
}

func waitQueue(queue string, pause time.Duration) string { return queue + ".wait." + pause.String() }
