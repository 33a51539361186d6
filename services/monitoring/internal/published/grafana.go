package published

import "encoding/json"

// panel is one picture of the dashboard.
type panel struct {
	title, unit string
	queries     []string
}

// panels are the pictures, symptoms first.
func panels() []panel {
	return []panel{
		{"Alerts that fire", "short", []string{`sum by (severity) (max without (monitor) (fx_alert_firing))`}},
		{"Sessions that are served", "short", []string{`max by (provider) (fx_session_active)`, `max by (provider) (fx_session_logged_on)`}},
		{"Events handled a second, by queue", "ops", []string{`sum by (queue) (max without (monitor) (rate(fx_queue_handled_total[1m])))`}},
		{"Events failed a minute, by queue", "short", []string{`sum by (queue) (max without (monitor) (fx_queue_failures_per_minute))`}},
		{"Queues: messages that wait", "short", []string{`max by (queue) (fx_queue_messages)`, `max(fx_errors_waiting)`, `max(fx_unroutable_waiting)`}},
		{"Queues: how long they have had a backlog", "s", []string{`min by (queue) (fx_queue_backlog_seconds)`}},
		{"Mainframe: what waits", "short", []string{`sum(max without (monitor) (fx_bookings_waiting))`, `sum(max without (monitor) (fx_movements_waiting))`}},
		{"Mainframe: how long the oldest waits", "s", []string{`max(fx_bookings_oldest_seconds)`, `max(fx_movements_oldest_seconds)`}},
		{"Age of the rates", "s", []string{`min(fx_rates_age_seconds)`}},
		{"Jobs: what is left", "s", []string{`max by (job) (fx_job_remaining_seconds)`}},
		{"Instances that are ready", "short", []string{`max by (program) (fx_program_ready_instances)`}},
		{"Silence of instances", "s", []string{`max by (instance) (fx_instance_silent_seconds)`}},
		{"Lease changes in ten minutes", "short", []string{`max by (lease) (fx_lease_moves)`}},
		{"Journal: how far behind", "s", []string{`max(fx_tracing_lag_seconds)`}},
		{"Logs: posts that wait, and lines dropped a minute", "short", []string{`max(fx_logs_waiting)`, `sum(max without (monitor) (fx_logs_dropped_per_minute))`}},
		{"Postgres", "s", []string{`min(fx_postgres_answer_seconds)`}},
		{"Postgres: connections in use", "percentunit", []string{`max(fx_postgres_connections_ratio)`}},
		{"Disk in use", "percentunit", []string{`max(fx_disk_used_ratio)`}},
		{"Memory by instance", "bytes", []string{`max by (instance) (fx_process_resident_bytes)`}},
		{"Processor time by instance", "short", []string{`max by (instance) (rate(fx_process_cpu_seconds_total[1m]))`}},
	}
}

const (
	columns = 2
	width   = 12
	height  = 8
)

// Grafana returns a dashboard over the measures. Its data source is chosen when it is imported.
func Grafana() (string, error) {
	source := map[string]string{"type": "prometheus", "uid": "${DS_PROMETHEUS}"}
	all := []any{}
	for n, p := range panels() {
		targets := []any{}
		for at, query := range p.queries {
			targets = append(targets, map[string]any{"refId": string(rune('A' + at)), "expr": query, "datasource": source})
		}
		all = append(all, map[string]any{
			"id": n + 1, "type": "timeseries", "title": p.title, "datasource": source, "targets": targets,
			"gridPos":     map[string]int{"x": n % columns * width, "y": n / columns * height, "w": width, "h": height},
			"fieldConfig": map[string]any{"defaults": map[string]any{"unit": p.unit}, "overrides": []any{}},
		})
	}
	text, err := json.MarshalIndent(map[string]any{
		"__inputs": []any{map[string]string{"name": "DS_PROMETHEUS", "label": "Prometheus", "type": "datasource", "pluginId": "prometheus"}},
		"uid":      "fxcore", "title": "FX Core", "tags": []string{"fxcore"}, "timezone": "browser", "schemaVersion": 39, "refresh": "5s",
		"time": map[string]string{"from": "now-1h", "to": "now"}, "panels": all,
	}, "", "  ")
	return string(text) + "\n", err
}
