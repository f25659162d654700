# An AWS provider that makes Rekognition's projects on rekognition-local, and asks nobody else.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region     = "us-east-1"
  access_key = "123456789012" # twelve digits: an account of their own
  secret_key = "any"

  endpoints {
    rekognition = var.rekognition_local
  }

  # There is no STS, IAM or metadata service to ask.
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}

variable "rekognition_local" {
  default = "http://127.0.0.1:7356"
}

resource "aws_rekognition_project" "birds" {
  name    = "birds"
  feature = "CUSTOM_LABELS"
}

output "arn" {
  value = aws_rekognition_project.birds.arn
}
