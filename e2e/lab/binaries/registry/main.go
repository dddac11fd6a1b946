// Command registry is an image registry in memory, without TLS, for tests:
// go-containerregistry's handler on the address that --listen names. It ends with its standard input.
package main

import (
	"flag"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"
)

func main() {
	address := flag.String("listen", "127.0.0.1:0", "host:port")
	flag.Parse()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("listening on %s", listener.Addr())
	server := &http.Server{Handler: registry.New(), ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.Serve(listener))
}
