terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
variable "endpoint" {}
variable "log_format" { default = "$${version} $${srcaddr} $${dstaddr} $${action}" }
variable "description" { default = "database" }

variable "port" { default = 5432 }

variable "team" { default = "net" }

variable "peer_access_key" {}

variable "peer_secret_key" {}

variable "peer_account" {}

provider "aws" {
  region = "eu-west-1"
  endpoints {
    ec2 = var.endpoint
    sts = var.endpoint
  }
  default_tags { tags = { team = var.team } }
}

provider "aws" {
  alias      = "peer"
  region     = "eu-west-1"
  access_key = var.peer_access_key
  secret_key = var.peer_secret_key
  endpoints {
    ec2 = var.endpoint
    sts = var.endpoint
  }
}

data "aws_caller_identity" "me" {}
data "aws_availability_zones" "all" { state = "available" }

resource "aws_vpc" "main" {
  cidr_block                       = "10.20.0.0/16"
  enable_dns_hostnames             = true
  assign_generated_ipv6_cidr_block = true
  tags                             = { Name = "main" }
}

resource "aws_vpc" "peer" {
  cidr_block                           = "10.21.0.0/16"
  enable_network_address_usage_metrics = true
}

resource "aws_vpc_ipv4_cidr_block_association" "more" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.22.0.0/20"
}

resource "aws_subnet" "a" {
  vpc_id                          = aws_vpc.main.id
  cidr_block                      = "10.20.1.0/24"
  ipv6_cidr_block                 = cidrsubnet(aws_vpc.main.ipv6_cidr_block, 8, 1)
  assign_ipv6_address_on_creation = true
  map_public_ip_on_launch         = true
  availability_zone               = data.aws_availability_zones.all.names[0]
}

resource "aws_subnet" "b" {
  vpc_id     = aws_vpc.peer.id
  cidr_block = "10.21.1.0/24"
}

resource "aws_security_group" "web" {
  name        = "web"
  description = "web servers"
  vpc_id      = aws_vpc.main.id
  ingress {
    description      = "https"
    from_port        = 443
    to_port          = 443
    protocol         = "tcp"
    cidr_blocks      = ["0.0.0.0/0", "10.0.0.0/8"]
    ipv6_cidr_blocks = ["::/0"]
  }
  ingress {
    from_port = 0
    to_port   = 0
    protocol  = "-1"
    self      = true
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "db" {
  name_prefix = "db-"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group_rule" "db_from_web" {
  security_group_id        = aws_security_group.db.id
  type                     = "ingress"
  from_port                = var.port
  to_port                  = var.port
  protocol                 = "tcp"
  source_security_group_id = aws_security_group.web.id
  description              = "from web"
}

resource "aws_vpc_security_group_ingress_rule" "db_list" {
  security_group_id = aws_security_group.db.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  prefix_list_id    = aws_ec2_managed_prefix_list.office.id
}

resource "aws_vpc_security_group_egress_rule" "db_out" {
  security_group_id = aws_security_group.db.id
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
  tags              = { Name = "out" }
}

resource "aws_ec2_managed_prefix_list" "office" {
  name           = "office"
  address_family = "IPv4"
  max_entries    = 5
  entry {
    cidr        = "192.0.2.0/24"
    description = "here"
  }
}

resource "aws_network_acl" "tight" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.a.id]
  ingress {
    protocol   = "tcp"
    rule_no    = 100
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 443
    to_port    = 443
  }
  egress {
    protocol   = "-1"
    rule_no    = 100
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}

resource "aws_network_acl" "other" { vpc_id = aws_vpc.peer.id }

resource "aws_network_acl_rule" "icmp" {
  network_acl_id = aws_network_acl.other.id
  rule_number    = 200
  egress         = false
  protocol       = "icmp"
  rule_action    = "allow"
  cidr_block     = "10.0.0.0/8"
  icmp_type      = -1
  icmp_code      = -1
}

resource "aws_network_acl_association" "b" {
  network_acl_id = aws_network_acl.other.id
  subnet_id      = aws_subnet.b.id
}

resource "aws_network_interface" "db" {
  subnet_id         = aws_subnet.a.id
  description       = var.description
  private_ips       = ["10.20.1.10", "10.20.1.11"]
  security_groups   = [aws_security_group.db.id]
  source_dest_check = false
}

resource "aws_vpc_peering_connection" "p" {
  vpc_id      = aws_vpc.main.id
  peer_vpc_id = aws_vpc.peer.id
  auto_accept = true
  requester { allow_remote_vpc_dns_resolution = true }
}

resource "aws_vpc" "far" {
  provider   = aws.peer
  cidr_block = "10.30.0.0/16"
}

resource "aws_vpc_peering_connection" "far" {
  vpc_id        = aws_vpc.main.id
  peer_vpc_id   = aws_vpc.far.id
  peer_owner_id = var.peer_account
}

resource "aws_vpc_peering_connection_accepter" "far" {
  provider                  = aws.peer
  vpc_peering_connection_id = aws_vpc_peering_connection.far.id
  auto_accept               = true
}

resource "aws_vpc_peering_connection_options" "far" {
  provider                  = aws.peer
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.far.id
  accepter { allow_remote_vpc_dns_resolution = true }
}

resource "aws_internet_gateway" "out" { vpc_id = aws_vpc.main.id }

resource "aws_egress_only_internet_gateway" "out6" { vpc_id = aws_vpc.main.id }

resource "aws_eip" "nat" {
  domain     = "vpc"
  depends_on = [aws_internet_gateway.out]
}

resource "aws_nat_gateway" "nat" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.a.id
}

resource "aws_route_table" "main" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.out.id
  }
  route {
    ipv6_cidr_block        = "::/0"
    egress_only_gateway_id = aws_egress_only_internet_gateway.out6.id
  }
  route {
    cidr_block                = "10.21.0.0/16"
    vpc_peering_connection_id = aws_vpc_peering_connection.p.id
  }
}

resource "aws_route_table" "peer" { vpc_id = aws_vpc.peer.id }

resource "aws_route" "back" {
  route_table_id            = aws_route_table.peer.id
  destination_cidr_block    = "10.20.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.p.id
}

resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.main.id
}

resource "aws_main_route_table_association" "peer" {
  vpc_id         = aws_vpc.peer.id
  route_table_id = aws_route_table.peer.id
}

resource "aws_vpc_dhcp_options" "own" {
  domain_name         = "example.internal"
  domain_name_servers = ["AmazonProvidedDNS"]
}

resource "aws_vpc_dhcp_options_association" "own" {
  vpc_id          = aws_vpc.peer.id
  dhcp_options_id = aws_vpc_dhcp_options.own.id
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.main.id
  service_name    = "com.amazonaws.eu-west-1.s3"
  route_table_ids = [aws_route_table.main.id]
}

resource "aws_default_security_group" "closed" { vpc_id = aws_vpc.peer.id }

resource "aws_flow_log" "vpc" {
  vpc_id                   = aws_vpc.main.id
  traffic_type             = "ALL"
  log_destination_type     = "s3"
  log_destination          = "arn:aws:s3:::local/vpc/"
  log_format               = var.log_format
  max_aggregation_interval = 60
  destination_options {
    file_format                = "parquet"
    hive_compatible_partitions = true
    per_hour_partition         = true
  }
  tags = { Name = "all" }
}

resource "aws_flow_log" "subnet" {
  subnet_id            = aws_subnet.a.id
  traffic_type         = "REJECT"
  log_destination_type = "s3"
  log_destination      = "arn:aws:s3:::local/subnet/"
}

resource "aws_flow_log" "eni" {
  eni_id          = aws_network_interface.db.id
  traffic_type    = "ACCEPT"
  log_destination = "arn:aws:logs:eu-west-1:${data.aws_caller_identity.me.account_id}:log-group:flows"
  iam_role_arn    = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:role/flows"
}
output "account" { value = data.aws_caller_identity.me.account_id }
output "arn" { value = aws_flow_log.vpc.arn }
