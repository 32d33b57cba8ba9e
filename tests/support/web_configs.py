"""Parts of a web configuration: a hash of a password, and the certificate of `Certificates`."""

HASH = "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG"
TLS = "tls_server_config: {cert_file: server.pem, key_file: server.key}\n"
