package health

import (
	"os"
	"runtime/metrics"
	"strconv"
	"strings"
	"syscall"
)

// runtimeMeasures returns the runtime's own numbers, and the names of the measures that show them.
func runtimeMeasures() map[string]string {
	return map[string]string{
		"/sched/goroutines:goroutines":       "fx_process_goroutines",
		"/memory/classes/heap/objects:bytes": "fx_process_heap_bytes",
		"/gc/cycles/total:gc-cycles":         "fx_process_gc_cycles_total",
		"/sync/mutex/wait/total:seconds":     "fx_process_mutex_wait_seconds_total",
	}
}

// process returns measures that every process has.
func process() map[string]float64 {
	values := map[string]float64{}
	for source, name := range runtimeMeasures() {
		values[name] = read(source)
	}
	if bytes, ok := resident(); ok {
		values["fx_process_resident_bytes"] = bytes
	}
	if files, err := os.ReadDir("/proc/self/fd"); err == nil {
		values["fx_process_open_files"] = float64(len(files))
	}
	values["fx_process_cpu_seconds_total"] = cpuSeconds()
	return values
}

func read(source string) float64 {
	sample := []metrics.Sample{{Name: source}}
	metrics.Read(sample)
	switch sample[0].Value.Kind() {
	case metrics.KindUint64:
		return float64(sample[0].Value.Uint64())
	case metrics.KindFloat64:
		return sample[0].Value.Float64()
	case metrics.KindBad, metrics.KindFloat64Histogram:
	}
	return 0
}

// resident returns the memory that the process has in RAM, in bytes; false where the system does not tell.
func resident() (bytes float64, ok bool) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, false
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0, false
	}
	pages, err := strconv.ParseFloat(fields[1], 64)
	return pages * float64(os.Getpagesize()), err == nil
}

// cpuSeconds returns the processor time that the process has used.
func cpuSeconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}
