// Command certificates issues the sandbox's certificates: it reads a JSON list of requests from standard input and
// writes <file>.crt and <file>.key (PEM) into the folder that is its only argument.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// request describes one key pair. Without an issuer it is a self-signed certificate authority; an issuer is the file
// of an earlier request, or of an authority that is in the folder already.
type request struct {
	File          string   `json:"file"`
	Issuer        string   `json:"issuer"`
	CommonName    string   `json:"commonName"`
	Organizations []string `json:"organizations"`
	// Hosts are the DNS names and IP addresses that a server certificate stands for.
	Hosts []string `json:"hosts"`
}

// A sandbox is thrown away long before; the day in the past is for clocks that are set back.
const (
	validity = 10 * 365 * 24 * time.Hour
	backdate = 24 * time.Hour
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "certificates:", err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return errors.New("usage: certificates FOLDER < REQUESTS.json")
	}
	var requests []request
	if err := json.NewDecoder(os.Stdin).Decode(&requests); err != nil {
		return fmt.Errorf("reading the requests: %w", err)
	}
	for _, r := range requests {
		if err := issue(os.Args[1], r); err != nil {
			return fmt.Errorf("%s: %w", r.File, err)
		}
	}
	return nil
}

func issue(dir string, r request) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	certificate, err := template(r)
	if err != nil {
		return err
	}
	parent, signer := certificate, key
	if r.Issuer != "" {
		if parent, signer, err = authority(dir, r.Issuer); err != nil {
			return err
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, certificate, parent, &key.PublicKey, signer)
	if err != nil {
		return err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := write(filepath.Join(dir, r.File+".key"), "PRIVATE KEY", keyDER, 0o600); err != nil {
		return err
	}
	return write(filepath.Join(dir, r.File+".crt"), "CERTIFICATE", der, 0o644)
}

func template(r request) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	now := time.Now()
	certificate := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: r.CommonName, Organization: r.Organizations},
		NotBefore:             now.Add(-backdate),
		NotAfter:              now.Add(validity),
		BasicConstraintsValid: true,
	}
	if r.Issuer == "" {
		certificate.IsCA = true
		certificate.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature | x509.KeyUsageCRLSign
		return certificate, nil
	}
	certificate.KeyUsage = x509.KeyUsageDigitalSignature
	certificate.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if len(r.Hosts) > 0 {
		certificate.ExtKeyUsage = append(certificate.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
	}
	for _, host := range r.Hosts {
		if ip := net.ParseIP(host); ip != nil {
			certificate.IPAddresses = append(certificate.IPAddresses, ip)
		} else {
			certificate.DNSNames = append(certificate.DNSNames, host)
		}
	}
	return certificate, nil
}

func authority(dir, file string) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	der, err := read(filepath.Join(dir, file+".crt"))
	if err != nil {
		return nil, nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, nil, err
	}
	if der, err = read(filepath.Join(dir, file+".key")); err != nil {
		return nil, nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, nil, err
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return nil, nil, fmt.Errorf("%s.key is not an elliptic curve key", file)
	}
	return certificate, key, nil
}

func read(path string) ([]byte, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(content)
	if block == nil {
		return nil, fmt.Errorf("%s is not PEM", path)
	}
	return block.Bytes, nil
}

func write(path, kind string, der []byte, mode os.FileMode) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), mode)
}
