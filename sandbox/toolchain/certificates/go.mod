module toolchain/certificates

go 1.26.0
