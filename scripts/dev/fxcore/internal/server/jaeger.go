package server

import (
	"context"
	"net/http"
	"strconv"
	"syscall"

	"fxcore/scripts/dev/fxcore/internal/process"
)

// JaegerVersion is the version that scripts/bootstrap full builds.
const JaegerVersion = "1.76.0"

func cachedJaeger() (string, error) { return cached("Jaeger", "jaeger-"+JaegerVersion, "query") }

// JaegerProgram returns the path of Jaeger's query program; empty if it is not there.
func JaegerProgram() string {
	program, err := cachedJaeger()
	if err != nil {
		return ""
	}
	return program
}

// Jaeger returns Jaeger's query program, which reads the spans in a keyspace of Cassandra with the name of role, as that role.
// Errors: ErrNotFull.
func Jaeger(s Setting, role string) (Server, error) {
	program, err := cachedJaeger()
	if err != nil {
		return Server{}, err
	}
	password, err := s.Folder.Secret("cassandra-" + role)
	if err != nil {
		return Server{}, err
	}
	at := func(port int) string { return host + ":" + strconv.Itoa(port) }
	return Server{Prepare: nothing, Provision: nothing, Spec: process.Spec{
		Name: "jaeger", Path: program, Dir: "/", Log: s.Folder.Log("jaeger"), Stop: syscall.SIGTERM, Orphan: syscall.SIGTERM, Grace: grace,
		Args: []string{
			"--query.http-server.host-port=" + at(s.Ports.Jaeger()), "--query.grpc-server.host-port=" + at(s.Ports.JaegerGRPC()),
			"--admin.http.host-port=" + at(s.Ports.JaegerAdmin()), "--log-level=warn",
		},
		// Each flag of Jaeger is a variable as well. The password is not to show in the list of processes.
		Env: append(environment("/"), "SPAN_STORAGE_TYPE=cassandra", "CASSANDRA_SERVERS="+host, "CASSANDRA_PORT="+strconv.Itoa(s.Ports.Cassandra()),
			"CASSANDRA_KEYSPACE="+role, "CASSANDRA_USERNAME="+role, "CASSANDRA_PASSWORD="+password, "CASSANDRA_SCHEMA_CREATE=false",
			"CASSANDRA_BASIC_ALLOWED_AUTHENTICATORS=org.apache.cassandra.auth.PasswordAuthenticator"),
		Ready: func(ctx context.Context) error {
			return askHTTP(ctx, http.DefaultClient, "Jaeger", "http://"+at(s.Ports.JaegerAdmin())+"/")
		},
	}}, nil
}
