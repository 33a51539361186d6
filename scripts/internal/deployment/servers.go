package deployment

import (
	"fmt"
	"strings"
)

// member returns one member of a cluster: a service of its own, on the host that has its data. So members are changed one at a time, and only those
// that a change is about. A member is never undone by itself: somebody looks first.
func member(of Profile, cluster string, n int, number string, body ...entry) service {
	name := memberOf(cluster, n)
	place := mapping{{"constraints", []string{fmt.Sprintf("node.labels.%s == %d", cluster, n)}}}
	updates := []entry{{"update_config", mapping{{"order", "stop-first"}, {"parallelism", 1}, {"monitor", watched}, {"failure_action", "pause"}}}}
	s := service{name: name}
	s.body = append(base(imageOf(cluster), name), entry{"user", user(number)})
	s.body = append(s.body, body...)
	s.body = append(s.body, entry{"stop_grace_period", "60s"}, deployed(of, 1, place, updates, resources("1G", "256M")))
	return s
}

// alias puts a container into the network under the cluster's name as well, which leads to all living members.
func alias(cluster string) entry {
	return entry{"networks", mapping{{"core", mapping{{"aliases", []string{cluster}}}}}}
}

// clusters returns the stack of all servers.
func clusters(of Profile) (all []service) {
	for n := 1; n <= of.Members; n++ {
		all = append(all, rabbitmq(of, n))
	}
	for n := 1; n <= of.Members; n++ {
		all = append(all, etcd(of, n))
	}
	for n := 1; n <= of.Members; n++ {
		all = append(all, postgres(of, n))
	}
	return append(all, redis(of))
}

func rabbitmq(of Profile, n int) service {
	name := memberOf("rabbitmq", n)
	list := []file{
		public("rabbitmq_conf", "RABBITMQ.CONF_FILE"), public("ca", "CA.CRT_FILE"),
		own(name, "tls", "TLS_FILE"), shared("rabbitmq_definitions", "DEFINITIONS.JSON_FILE"), shared("erlang_cookie", "ERLANG_COOKIE_FILE"),
	}
	body := append([]entry{alias("rabbitmq")}, mounted(list, rabbitUser)...)
	s := member(of, "rabbitmq", n, rabbitUser, append(body,
		entry{"volumes", []mapping{volumeAt(name, "/var/lib/rabbitmq"), temporary()}},
		entry{"healthcheck", check("CMD-SHELL", "epmd -names | grep -q 'name rabbit '")})...)
	s.files, s.volume = list, name
	return s
}

func etcd(of Profile, n int) service {
	name := memberOf("etcd", n)
	list := []file{public("ca", "CA.CRT_FILE"), own(name, "tls", "TLS_FILE")}
	var peers []string
	for i := 1; i <= of.Members; i++ {
		peers = append(peers, fmt.Sprintf("%[1]s=https://%[1]s:2380", memberOf("etcd", i)))
	}
	const certificate, authority = "/run/secrets/tls", "/run/configs/ca.crt"
	body := append([]entry{
		alias("etcd"), {"command", []string{
			"--name=" + name, "--data-dir=/var/lib/etcd", "--auto-compaction-retention=1", "--initial-cluster=" + strings.Join(peers, ","),
			"--listen-peer-urls=https://0.0.0.0:2380", "--initial-advertise-peer-urls=https://" + name + ":2380",
			"--listen-client-urls=https://0.0.0.0:2379", "--advertise-client-urls=https://" + name + ":2379",
			"--cert-file=" + certificate, "--key-file=" + certificate, "--trusted-ca-file=" + authority, "--client-cert-auth",
			"--peer-cert-file=" + certificate, "--peer-key-file=" + certificate, "--peer-trusted-ca-file=" + authority, "--peer-client-cert-auth",
		}},
	}, mounted(list, etcdUser)...)
	s := member(of, "etcd", n, etcdUser, append(body,
		entry{"volumes", []mapping{volumeAt(name, "/var/lib/etcd")}},
		entry{"healthcheck", check("CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/2380")})...)
	s.files, s.volume = list, name
	return s
}

func postgres(of Profile, n int) service {
	name := memberOf("postgres", n)
	list := []file{
		public("patroni", "PATRONI.YML_FILE"), public("ca", "CA.CRT_FILE"), own(name, "tls", "TLS_FILE"),
		shared("postgres_superuser", "SUPERUSER_FILE"), shared("postgres_replication", "REPLICATION_FILE"),
	}
	body := append([]entry{alias("postgres")}, mounted(list, postgresUser)...)
	s := member(of, "postgres", n, postgresUser, append(body,
		entry{"volumes", []mapping{volumeAt(name, "/var/lib/postgresql"), temporary()}},
		entry{"healthcheck", check("CMD", "curl", "-fsS", "--cacert", "/run/configs/ca.crt", "https://localhost:8008/liveness")})...)
	s.files, s.volume = list, name
	return s
}

// redis returns the one instance of Redis. It is a copy of the mainframe's data, in memory: when its host is lost, it starts on another, and datasync
// fills it again. The programs go on with what they hold meanwhile.
func redis(of Profile) service {
	s := service{name: "redis", files: []file{public("redis_conf", "REDIS.CONF_FILE"), public("ca", "CA.CRT_FILE"), own("redis", "tls", "TLS_FILE"), shared("redis_users", "USERS_FILE")}}
	s.body = append(base(imageOf("redis"), ""),
		entry{"user", user(redisUser)}, entry{"networks", []string{"core"}}, entry{"command", []string{"/run/configs/redis.conf"}})
	s.body = append(s.body, mounted(s.files, redisUser)...)
	s.body = append(s.body, entry{"volumes", []mapping{temporary()}},
		entry{"healthcheck", check("CMD-SHELL", "redis-cli --tls --cacert /run/configs/ca.crt ping 2>&1 | grep -qE 'PONG|NOAUTH'")}, entry{"stop_grace_period", "10s"},
		deployed(of, 1, spread(), update("stop-first", "0s"), resources("768M", "256M")))
	return s
}
