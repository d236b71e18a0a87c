// Print for each host whether its certificate is accepted: PROXY_PORT CA_PEM HOST...
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
)

func attempt(proxy string, roots *x509.CertPool, host string) string {
	raw, err := net.Dial("tcp", "127.0.0.1:"+proxy)
	if err != nil {
		return err.Error()
	}
	defer raw.Close()
	fmt.Fprintf(raw, "CONNECT %s HTTP/1.1\r\n\r\n", net.JoinHostPort(host, "443"))
	raw.Read(make([]byte, 1000))
	if err := tls.Client(raw, &tls.Config{ServerName: host, RootCAs: roots}).Handshake(); err != nil {
		return err.Error()
	}
	return "accepted"
}

func main() {
	pem, _ := os.ReadFile(os.Args[2])
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	for _, host := range os.Args[3:] {
		fmt.Printf("%s\t%s\n", host, attempt(os.Args[1], roots, host))
	}
}
